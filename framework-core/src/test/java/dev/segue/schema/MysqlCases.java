package dev.segue.schema;

import java.util.List;

/** What a column of MySQL can be and have. */
final class MysqlCases {

    private static final String NAME = "CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40), other int)";

    private static final String MANDATORY =
            "CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40) NOT NULL DEFAULT 'it''s', other int)";

    private static final String HOSTILE = "`; drop table x; --";

    private MysqlCases() {}

    static final List<String> BEFORE = List.of(
            "CREATE TABLE parent (id int PRIMARY KEY, handle varchar(40) UNIQUE, part int, UNIQUE (part, handle))");

    private static Case type(String name, String type) {
        return Case.of(name, "CREATE TABLE {t} (id int PRIMARY KEY, {c} " + type + ")");
    }

    static final List<Case> ALL = List.of(
            Case.of("mandatory", MANDATORY, "CREATE INDEX mandatory_name ON {t} ({c})")
                    .retyped("varchar(60)"),
            Case.of("spaced", MANDATORY, "CREATE INDEX i ON {t} ({c})")
                    .named("Customer Table", "Full Name", "FULL NAME 2"),
            Case.of("reserved", MANDATORY, "CREATE INDEX `where` ON {t} ({c})")
                    .named("order", "select", "from")
                    .retyped("varchar(60)"),
            Case.of(
                            "hostile",
                            MANDATORY,
                            "CREATE UNIQUE INDEX `a``b\"c'; drop table x; --` ON {t} ({c} (3)) COMMENT '`; -- '",
                            "ALTER TABLE {t} ADD CONSTRAINT `$segue$ %s {old}` CHECK ({c} <> '`; drop table x; --') NOT ENFORCED")
                    .named(HOSTILE, HOSTILE + "1", HOSTILE + "2"),
            Case.of("upper", MANDATORY, "CREATE INDEX UPPER_NAME ON {t} ({c})").named("UPPERS", "NAME", "FULL"),
            Case.of(
                            "long",
                            MANDATORY,
                            "CREATE INDEX " + "i".repeat(64) + " ON {t} ({c})",
                            "CREATE INDEX " + "i".repeat(63) + "j ON {t} ({c}, id)")
                    .named("t".repeat(64), "c".repeat(48), "d".repeat(48)),
            Case.of("unicode", MANDATORY, "CREATE INDEX `größe` ON {t} ({c})").named("größen", "größe", "大きさ"),
            Case.of(
                    "taken",
                    NAME,
                    "CREATE INDEX taken_name ON {t} ({c})",
                    "CREATE INDEX taken_full_name ON {t} (other)"),
            type("collated", "varchar(40) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'é'"),
            type("described", "varchar(40) COMMENT 'it''s \\\\ the \"name\"; drop table x; --'")
                    .retyped("varchar(60)"),
            type("hidden", "int NOT NULL DEFAULT 5 INVISIBLE"),
            Case.of("ordered", NAME, "CREATE INDEX i ON {t} (other DESC, {c} DESC, id)")
                    .retyped("varchar(60)"),
            Case.of("prefixed", NAME, "CREATE INDEX i ON {t} ({c} (5), other)"),
            Case.of("unique_one", NAME, "ALTER TABLE {t} ADD CONSTRAINT name_once UNIQUE ({c})")
                    .retyped("varchar(60)"),
            Case.of("unique_both", NAME, "CREATE UNIQUE INDEX both_once ON {t} (other, {c})"),
            Case.of("unseen", NAME, "CREATE INDEX unseen_name ON {t} ({c}) INVISIBLE")
                    .retyped("varchar(60)"),
            Case.of("remarked", NAME, "CREATE INDEX remarked_name ON {t} ({c}) COMMENT 'it''s `name`'"),
            Case.of("expression", NAME, "CREATE INDEX lowered ON {t} ((lower({c})))")
                    .losing("index lowered"),
            Case.of(
                            "refers",
                            NAME,
                            "ALTER TABLE {t} ADD CONSTRAINT refers_name FOREIGN KEY ({c}) REFERENCES parent (handle) ON DELETE CASCADE")
                    .retyped("varchar(60)"),
            Case.of(
                    "refers_together",
                    NAME,
                    "INSERT INTO parent VALUES (1, 'x', 1)",
                    "INSERT INTO {t} VALUES (1, 'x', 1)",
                    "ALTER TABLE {t} ADD CONSTRAINT refers_both FOREIGN KEY (other, {c}) REFERENCES parent (part, handle)"),
            Case.of(
                            "refers_and_writes",
                            NAME,
                            "ALTER TABLE {t} ADD CONSTRAINT writes_name FOREIGN KEY ({c}) REFERENCES parent (handle)"
                                    + " ON UPDATE CASCADE ON DELETE SET NULL")
                    .losing("cascade of foreign key writes_name"),
            Case.of(
                            "refers_by_its_key",
                            NAME,
                            "ALTER TABLE {t} ADD CONSTRAINT moves_it FOREIGN KEY (id) REFERENCES parent (id) ON UPDATE CASCADE")
                    .losing("cascade of foreign key moves_it"),
            Case.of("checked", NAME, "ALTER TABLE {t} ADD CONSTRAINT checked_name CHECK ({c} <> 'it''s `name`')")
                    .losing("check constraint checked_name"),
            Case.of(
                    "checked_not",
                    NAME,
                    "ALTER TABLE {t} ADD CONSTRAINT not_name CHECK ({c} <> 'it''s `name`') NOT ENFORCED"),
            Case.of("checked_together", NAME, "ALTER TABLE {t} ADD CONSTRAINT either CHECK ({c} <> '' OR other > 0)")
                    .losing("check constraint either"),
            type("enumerated", "enum ('sad', 'it''s ok') NOT NULL DEFAULT 'it''s ok'"),
            type("sets", "set ('a', 'b') DEFAULT 'a,b'"),
            type("documents", "json DEFAULT (json_object('a', 1))"),
            type("priced", "decimal(10,2) NOT NULL DEFAULT 9.99").retyped("decimal(12,2)"),
            type("touched", "timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
            type("clocked", "datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)"),
            type("bits", "bit(8) DEFAULT b'101'"),
            type("bytes", "varbinary(20) DEFAULT 0x00ff"),
            type("blobs", "mediumblob"),
            type("texts", "text NOT NULL DEFAULT ('it''s')"),
            type("computed_default", "varchar(20) DEFAULT (lower('ABC'))"),
            type("years", "year NOT NULL DEFAULT 2000"),
            type("times", "time(3) DEFAULT '10:00:00.5'"),
            type("doubles", "double DEFAULT 1.5"),
            type("flags", "tinyint(1) NOT NULL DEFAULT 1"),
            type("unsigned", "int unsigned zerofill NOT NULL DEFAULT 7"),
            type("points", "point NOT NULL SRID 4326"),
            Case.of(
                            "partitioned",
                            "CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40) NOT NULL) PARTITION BY HASH (id) PARTITIONS 2",
                            "CREATE INDEX partitioned_name ON {t} ({c})")
                    .retyped("varchar(60)"),
            Case.of(
                    "measured",
                    NAME,
                    "INSERT INTO {t} VALUES (1, 'a', 1)",
                    "ANALYZE TABLE {t} UPDATE HISTOGRAM ON {c}, other WITH 4 BUCKETS"),
            Case.of("measured_default", MANDATORY, "ANALYZE TABLE {t} UPDATE HISTOGRAM ON {c} WITH 4 BUCKETS")
                    .losing("histogram of column name"),
            Case.of(
                            "granted",
                            NAME,
                            "CREATE USER IF NOT EXISTS segue_reader",
                            "GRANT SELECT ({c}) ON {t} TO segue_reader")
                    .losing("privileges on column name"));
}

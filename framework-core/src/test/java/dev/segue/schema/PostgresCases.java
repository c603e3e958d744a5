package dev.segue.schema;

import java.util.List;

/** What a column of PostgreSQL can be and have. */
final class PostgresCases {

    private static final String NAME = "CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40), other int)";

    private static final String MANDATORY =
            "CREATE TABLE {t} (id int PRIMARY KEY, {c} varchar(40) NOT NULL DEFAULT 'it''s', other int)";

    private static final String HOSTILE = "\"; drop table x; --";

    private PostgresCases() {}

    static final List<String> BEFORE = List.of(
            "CREATE DOMAIN plain_domain AS text",
            "CREATE TYPE mood AS ENUM ('sad', 'it''s ok')",
            "CREATE SCHEMA \"Other Schema\"",
            "CREATE TABLE parent (id int PRIMARY KEY, handle varchar(40) UNIQUE, part int, UNIQUE (handle, part))");

    static final List<Case> ALL = List.of(
            Case.of("mandatory", MANDATORY, "CREATE INDEX ON {t} ({c})").retyped("text"),
            Case.of("spaced", MANDATORY, "CREATE INDEX ON {t} (lower({c}))")
                    .named("Customer Table", "Full Name", "FULL NAME 2"),
            Case.of("reserved", MANDATORY, "CREATE INDEX \"where\" ON {t} ({c})")
                    .named("order", "select", "from")
                    .retyped("text"),
            Case.of(
                            "hostile",
                            MANDATORY,
                            "CREATE UNIQUE INDEX \"a`b\"\"c'; drop table x; --\" ON {t} ({c}) WHERE {c} <> '\"'",
                            "ALTER TABLE {t} ADD CONSTRAINT \"$segue$ %s {old}\" CHECK ({c} <> '; drop table x; --')")
                    .named(HOSTILE, HOSTILE + "1", HOSTILE + "2"),
            Case.of("upper", MANDATORY, "CREATE INDEX ON {t} ({c})").named("UPPER", "NAME", "name"),
            Case.of(
                            "long",
                            MANDATORY,
                            "CREATE INDEX " + "i".repeat(63) + " ON {t} ({c})",
                            "CREATE INDEX " + "i".repeat(62) + "j ON {t} ({c}, id)",
                            "ALTER TABLE {t} ADD CONSTRAINT " + "k".repeat(63) + " CHECK ({c} <> '')")
                    .named("t".repeat(63), "c".repeat(63), "d".repeat(63)),
            Case.of("unicode", MANDATORY, "CREATE INDEX \"größe\" ON {t} ({c})").named("größen", "größe", "大きさ"),
            Case.of(
                    "taken",
                    NAME,
                    "CREATE INDEX taken_name ON {t} ({c})",
                    "CREATE INDEX taken_full_name ON {t} (other)",
                    "ALTER TABLE {t} ADD CONSTRAINT name_ok CHECK ({c} <> ''),"
                            + " ADD CONSTRAINT full_name_ok CHECK (other > 0)"),
            Case.of("domain", "CREATE TABLE {t} (id int PRIMARY KEY, {c} plain_domain)", "CREATE INDEX ON {t} ({c})"),
            Case.of(
                    "enumerated",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} mood NOT NULL DEFAULT 'it''s ok')",
                    "CREATE INDEX ON {t} ({c}) WHERE {c} = 'sad'"),
            Case.of(
                    "arrays",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} int[] DEFAULT '{1,2}')",
                    "CREATE INDEX ON {t} USING gin ({c})"),
            Case.of(
                    "collated",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} text COLLATE \"C\" NOT NULL)",
                    "CREATE INDEX ON {t} ({c})"),
            Case.of("collated_index", NAME, "CREATE INDEX ON {t} ({c} COLLATE \"C\")"),
            Case.of("ordered", NAME, "CREATE INDEX ON {t} (other DESC, {c} DESC NULLS LAST, id NULLS FIRST)")
                    .retyped("text"),
            Case.of("partial", NAME, "CREATE INDEX ON {t} ({c}) WHERE {c} IS NOT NULL AND length({c}) > 3"),
            Case.of("partial_elsewhere", NAME, "CREATE UNIQUE INDEX ON {t} ({c}) WHERE other > 3")
                    .retyped("text"),
            Case.of("expression", NAME, "CREATE UNIQUE INDEX ON {t} (lower({c}) DESC, (other + 1))")
                    .retyped("text"),
            Case.of("included", NAME, "CREATE UNIQUE INDEX ON {t} (other) INCLUDE ({c})"),
            Case.of("pattern", NAME, "CREATE INDEX ON {t} ({c} varchar_pattern_ops)"),
            Case.of("filled", NAME, "CREATE INDEX ON {t} ({c}) WITH (fillfactor = 70)"),
            Case.of("hashed", NAME, "CREATE INDEX ON {t} USING hash ({c})"),
            Case.of("ranged", NAME, "CREATE INDEX ON {t} USING brin ({c}) WITH (pages_per_range = 4)"),
            Case.of(
                    "searched",
                    NAME,
                    "CREATE INDEX ON {t} USING gin (to_tsvector('english', {c})) WITH (fastupdate = off)"),
            Case.of(
                    "spans",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} int4range)",
                    "CREATE INDEX ON {t} USING gist ({c})"),
            Case.of(
                    "documents",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} jsonb DEFAULT '{}')",
                    "CREATE INDEX ON {t} USING gin ({c} jsonb_path_ops)",
                    "CREATE INDEX ON {t} (({c} ->> 'name'))"),
            Case.of("unique_one", NAME, "ALTER TABLE {t} ADD CONSTRAINT name_once UNIQUE ({c})")
                    .retyped("text"),
            Case.of(
                    "unique_later",
                    NAME,
                    "ALTER TABLE {t} ADD CONSTRAINT later UNIQUE ({c}, other) INCLUDE (id) DEFERRABLE INITIALLY DEFERRED",
                    "COMMENT ON CONSTRAINT later ON {t} IS 'it''s \"later\"'"),
            Case.of("unique_deferrable", NAME, "ALTER TABLE {t} ADD CONSTRAINT may_wait UNIQUE ({c}) DEFERRABLE"),
            Case.of(
                            "checked",
                            NAME,
                            "ALTER TABLE {t} ADD CONSTRAINT given CHECK ({c} <> 'name')",
                            "COMMENT ON CONSTRAINT given ON {t} IS 'name'")
                    .retyped("text"),
            Case.of("checked_later", NAME, "ALTER TABLE {t} ADD CONSTRAINT given CHECK ({c} <> '') NOT VALID"),
            Case.of(
                    "checked_together",
                    NAME,
                    "ALTER TABLE {t} ADD CONSTRAINT either CHECK ({c} IS NOT NULL OR other > 0) NO INHERIT"),
            Case.of(
                            "refers",
                            NAME,
                            "ALTER TABLE {t} ADD CONSTRAINT known FOREIGN KEY ({c}) REFERENCES parent (handle)"
                                    + " ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
                            "CREATE INDEX ON {t} ({c})")
                    .retyped("text"),
            Case.of(
                    "refers_together",
                    NAME,
                    "ALTER TABLE {t} ADD CONSTRAINT known FOREIGN KEY (other, {c}) REFERENCES parent (part, handle) MATCH FULL"),
            Case.of(
                    "refers_later",
                    NAME,
                    "ALTER TABLE {t} ADD CONSTRAINT known FOREIGN KEY ({c}) REFERENCES parent (handle) NOT VALID"),
            Case.of(
                            "excludes",
                            "CREATE TABLE {t} (id int PRIMARY KEY, {c} int4range, CONSTRAINT apart EXCLUDE USING gist ({c} WITH &&))")
                    .losing("exclusion constraint apart"),
            Case.of("clocked", "CREATE TABLE {t} (id int PRIMARY KEY, {c} timestamptz NOT NULL DEFAULT now())"),
            Case.of("numbered", "CREATE TABLE {t} (id int PRIMARY KEY, {c} bigserial)"),
            Case.of(
                            "priced",
                            "CREATE TABLE {t} (id int PRIMARY KEY, {c} numeric(10,2) NOT NULL DEFAULT 9.99)",
                            "CREATE INDEX ON {t} ({c} DESC)")
                    .retyped("numeric(12,2)"),
            Case.of("bits", "CREATE TABLE {t} (id int PRIMARY KEY, {c} bit varying(5) DEFAULT B'101')"),
            Case.of("bytes", "CREATE TABLE {t} (id int PRIMARY KEY, {c} bytea DEFAULT '\\x00ff')"),
            Case.of("random", "CREATE TABLE {t} (id int PRIMARY KEY, {c} uuid DEFAULT gen_random_uuid())"),
            Case.of(
                    "intervals",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} interval day to second (3) DEFAULT '1 day')"),
            Case.of(
                            "tuned",
                            NAME,
                            "ALTER TABLE {t} ALTER {c} SET STATISTICS 500, ALTER {c} SET (n_distinct = -0.5),"
                                    + " ALTER {c} SET STORAGE EXTERNAL, ALTER {c} SET COMPRESSION pglz")
                    .retyped("text"),
            Case.of(
                    "correlated",
                    NAME,
                    "CREATE STATISTICS together (ndistinct, dependencies) ON {c}, other FROM {t}",
                    "CREATE STATISTICS lowered ON lower({c}), other FROM {t}",
                    "COMMENT ON STATISTICS together IS 'why'"),
            Case.of(
                            "granted",
                            NAME,
                            "GRANT SELECT ({c}), UPDATE ({c}) ON {t} TO PUBLIC",
                            "GRANT INSERT ({c}, other) ON {t} TO pg_monitor WITH GRANT OPTION")
                    .retyped("text"),
            Case.of(
                            "described",
                            NAME,
                            "CREATE INDEX described_name ON {t} ({c})",
                            "COMMENT ON INDEX described_name IS 'it''s \"name\"'",
                            "COMMENT ON COLUMN {t}.{c} IS 'it''s \\ the \"name\"; drop table x; --'")
                    .retyped("text"),
            Case.of(
                            "elsewhere",
                            "CREATE TABLE {t} (id int PRIMARY KEY, {c} text NOT NULL CHECK ({c} <> ''))",
                            "CREATE INDEX there ON {t} (upper({c}))",
                            "CREATE STATISTICS \"Other Schema\".both ON {c}, id FROM {t}")
                    .in("Other Schema"),
            Case.of(
                    "partitioned",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} text NOT NULL CHECK ({c} <> '')) PARTITION BY HASH (id)",
                    "CREATE TABLE partitioned_0 PARTITION OF {t} FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                    "CREATE TABLE partitioned_1 PARTITION OF {t} FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                    "INSERT INTO {t} VALUES (1, 'x'), (2, 'y')"),
            Case.of(
                    "partitioned_index",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} text) PARTITION BY HASH (id)",
                    "CREATE TABLE pi_0 PARTITION OF {t} FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                    "CREATE INDEX of_all ON {t} ({c})",
                    "INSERT INTO {t} VALUES (1, 'x')"),
            Case.of(
                    "partitioned_twice",
                    "CREATE TABLE {t} (id int, {c} text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
                    "CREATE TABLE \"PT 1\" PARTITION OF {t} FOR VALUES FROM (0) TO (10) PARTITION BY HASH (id)",
                    "CREATE TABLE \"Other Schema\".pt_1_0 PARTITION OF \"PT 1\" FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                    "CREATE TABLE pt_2 PARTITION OF {t} FOR VALUES FROM (10) TO (20)",
                    "INSERT INTO {t} VALUES (1, 'x'), (11, 'y')",
                    "CREATE UNIQUE INDEX of_all_once ON {t} ({c} DESC, id)",
                    "CREATE INDEX of_some ON {t} (lower({c})) WHERE id > 0",
                    "COMMENT ON INDEX of_some IS 'some'"),
            Case.of(
                            "partitioned_unique",
                            "CREATE TABLE {t} (id int PRIMARY KEY, {c} text, UNIQUE (id, {c})) PARTITION BY HASH (id)",
                            "CREATE TABLE pu_0 PARTITION OF {t} FOR VALUES WITH (MODULUS 1, REMAINDER 0)")
                    .losing("unique constraint partitioned_unique_id_name_key"),
            Case.of(
                    "referred",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} text UNIQUE, part int, mentor text, UNIQUE (part, {c}))",
                    "ALTER TABLE {t} ADD FOREIGN KEY (mentor) REFERENCES {t} ({c})",
                    "INSERT INTO {t} VALUES (1, 'it', 1, NULL), (2, 'other', 2, 'it')",
                    "CREATE TABLE \"Other Schema\".\"refer;s\" (part int, \"who\"\"\" text, CONSTRAINT \"known; it\""
                            + " FOREIGN KEY (\"who\"\"\", part) REFERENCES {t} ({c}, part) ON DELETE CASCADE DEFERRABLE)",
                    "COMMENT ON CONSTRAINT \"known; it\" ON \"Other Schema\".\"refer;s\" IS 'name'",
                    "INSERT INTO \"Other Schema\".\"refer;s\" VALUES (1, 'it')"),
            Case.of(
                    "inherited",
                    "CREATE TABLE {t} (id int PRIMARY KEY, {c} text CHECK ({c} <> ''))",
                    "CREATE TABLE heir (more int) INHERITS ({t})"),
            Case.of("clustered", NAME, "CREATE INDEX sorted ON {t} ({c})", "ALTER TABLE {t} CLUSTER ON sorted")
                    .losing("index sorted"));
}

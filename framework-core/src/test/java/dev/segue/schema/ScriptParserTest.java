package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.database.Database;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptParserTest {

    private static final List<String> ODD = List.of(
            "ALTER TABLE \"\"\"; drop table x; --\" ADD COLUMN \"it's; \"\"a\"\"\" text",
            "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $segue$\nBEGIN\n  x; -- ;\nEND $segue$",
            "COMMENT ON COLUMN t.c IS 'it''s; /* not */ -- over'",
            "COMMENT ON COLUMN t.c IS E'back\\\\slash; \\\\'");

    @Test
    void readsBackWhatHasBeenWritten() {
        ScriptText text = new ScriptText(Database.POSTGRESQL).comment("of \"; drop\n table\" it's; /* so */");
        text.block(new Block(ODD, true, false));
        text.block(new Block(List.of("CREATE INDEX CONCURRENTLY \"a;b\" ON t (c)"), false, true));

        Script read = ScriptParser.parse(Database.POSTGRESQL, "x", text.toString());

        assertThat(read.blocks()).hasSize(2);
        assertThat(read.blocks().get(0).together()).isTrue();
        assertThat(read.blocks().get(0).sql()).isEqualTo(ODD);
        assertThat(read.blocks().get(1).lengthy()).isTrue();
    }

    @Test
    void readsBackTriggersOfMySql() {
        List<String> sql = List.of(
                "LOCK TABLES `t``; x` WRITE",
                "ALTER TABLE `t` DROP COLUMN `a'b;`, ALGORITHM=INSTANT",
                "CREATE TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW\nIF x THEN\n  SET NEW.a = 'it''s; \\\\';\nEND IF",
                "UNLOCK TABLES");
        String text = new ScriptText(Database.MYSQL)
                .block(new Block(sql, true, false))
                .block(new Block(List.of("ALTER TABLE t ADD INDEX i (c), ALGORITHM=INPLACE, LOCK=NONE"), false, true))
                .toString();

        Script read = ScriptParser.parse(Database.MYSQL, "x", text);

        assertThat(read.blocks()).hasSize(2);
        assertThat(read.blocks().get(0).sql()).isEqualTo(sql);
        assertThat(read.blocks().get(1).lengthy()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POSTGRESQL | SET lock_timeout = '1h'                          | timeouts",
                "POSTGRESQL | BEGIN; SET LOCAL lock_timeout = '1h'; COMMIT     | timeouts",
                "POSTGRESQL | CREATE INDEX i ON t (c)                          | CONCURRENTLY",
                "POSTGRESQL | BEGIN; CREATE INDEX CONCURRENTLY i ON t (c); COMMIT | alone",
                "POSTGRESQL | BEGIN; ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT  | alone",
                "POSTGRESQL | BEGIN; ALTER TABLE t DROP COLUMN c               | COMMIT",
                "MYSQL      | ALTER TABLE t ADD COLUMN c int                   | ALGORITHM",
                "MYSQL      | CREATE INDEX i ON t (c)                          | ALGORITHM",
                "MYSQL      | START TRANSACTION; DO 1; COMMIT                  | session",
                "MYSQL      | SET SESSION lock_wait_timeout = 1000             | timeouts",
                "MYSQL      | LOCK TABLES t WRITE; ALTER TABLE t DROP COLUMN c, ALGORITHM=INSTANT | UNLOCK TABLES",
            })
    void refusesWhatCannotBeRunBesideTheApplication(Database database, String sql, String word) {
        assertThatThrownBy(() -> ScriptParser.parse(database, "db/segue/c/expand.sql", "-- fine\n" + sql + ";"))
                .isInstanceOfSatisfying(
                        StageHeldException.class,
                        held -> assertThat(held.getMessage() + " " + held.remedy())
                                .contains("db/segue/c/expand.sql", word));
    }

    @Test
    void whiteSpaceAndCommentsDoNotCountUnlessTheyAreQuoted() {
        assertThat(Essence.of("ALTER  TABLE \"a  b\" -- why\n ADD /* x */ c"))
                .isEqualTo(Essence.of("ALTER TABLE \"a  b\" ADD c"))
                .isNotEqualTo(Essence.of("ALTER TABLE \"a b\" ADD c"));
        assertThat(Essence.of("DEFAULT 'a  -- b'")).isNotEqualTo(Essence.of("DEFAULT 'a '"));
        assertThat(Essence.of("SELECT /*! 1 + */ 1")).isNotEqualTo(Essence.of("SELECT 1"));
    }
}

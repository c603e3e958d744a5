package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A value goes through Java and back into a column of its type as it was. */
@EachDatabase
class EveryTypeTest {

    private final Credits credits;

    EveryTypeTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    /** A literal for each type, as the catalog names it. */
    private Map<String, String> types() {
        Map<String, String> types = new TreeMap<>(Map.of(
                "smallint", "-7",
                "bigint", "9223372036854775807",
                "numeric(12,3)", "-1234.500",
                "date", "DATE '2026-03-29'",
                "text", "'ä🙂 \\\\ ''x'' '"));
        if (credits.engine == Engine.POSTGRESQL) {
            types.putAll(Map.ofEntries(
                    Map.entry("character varying(5)", "'abc  '"),
                    Map.entry("character(5)", "'abc'"),
                    Map.entry("boolean", "true"),
                    Map.entry("double precision", "1.0 / 3"),
                    Map.entry("real", "1.0 / 3"),
                    Map.entry("timestamp(6) without time zone", "'2026-03-29 02:30:00.000001'"),
                    Map.entry("timestamp with time zone", "'2026-10-25 02:30:00.000001+02'"),
                    Map.entry("timestamp without time zone", "'-infinity'"),
                    Map.entry("time without time zone", "'23:59:59'"),
                    Map.entry("time(6) without time zone", "'23:59:59.000001'"),
                    Map.entry("uuid", "gen_random_uuid()"),
                    Map.entry("bytea", "decode('00ff27', 'hex')"),
                    Map.entry("jsonb", "'{\"a\": [1, null]}'"),
                    Map.entry("bit(3)", "B'101'")));
        } else {
            types.putAll(Map.ofEntries(
                    Map.entry("varchar(5) CHARACTER SET latin1", "'äbc  '"),
                    Map.entry("char(5)", "'abc'"),
                    Map.entry("tinyint(1)", "-2"),
                    Map.entry("year", "2024"),
                    Map.entry("bigint unsigned", "18446744073709551615"),
                    Map.entry("double", "1.0E0 / 3"),
                    Map.entry("datetime(6)", "'2026-03-29 12:30:00.000001'"),
                    Map.entry("timestamp(6)", "'2026-10-25 12:30:00.000001'"),
                    Map.entry("time", "'23:59:59'"),
                    Map.entry("time(6)", "'23:59:59.000001'"),
                    Map.entry("binary(4)", "x'00ff2700'"),
                    Map.entry("varbinary(4)", "x'00ff27'"),
                    Map.entry("blob", "x'00ff27'"),
                    Map.entry("json", "'{\"a\": [1, null]}'"),
                    Map.entry("bit(3)", "b'101'"),
                    Map.entry("enum('a','b')", "'b'")));
        }
        return types;
    }

    @TestFactory
    Stream<DynamicTest> valuesComeBackAsTheyWere() {
        return types().entrySet().stream()
                .map(type -> DynamicTest.dynamicTest(type.getKey(), () -> through(type.getKey(), type.getValue())));
    }

    private void through(String type, String literal) throws Exception {
        credits.database.execute(
                "DROP TABLE IF EXISTS customer",
                "DELETE FROM segue_range",
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit " + type + " NULL, cents " + type + " NULL)",
                "INSERT INTO customer (id, credit) VALUES (1, NULL), (2, " + literal + ")",
                "INSERT INTO customer (id, cents) VALUES (3, " + literal + ")");
        ColumnChange change = credits.change(JavaForm.lossless(values -> values, values -> values), type, type);

        assertThat(credits.pass(change, Side.NEW, 0))
                .as(() -> credits.database.rows("SELECT * FROM segue_dirty").toString())
                .isEqualTo(Outcome.FINISHED_ALL);

        String same = type.equals("jsonb") || credits.engine == Engine.MYSQL
                ? "credit = cents"
                : "credit::text = cents::text";
        assertThat(credits.count("customer WHERE id = 2 AND " + same)).isEqualTo(1);
        assertThat(credits.count("customer WHERE id <> 2 AND cents IS NULL")).isEqualTo(2);
    }
}

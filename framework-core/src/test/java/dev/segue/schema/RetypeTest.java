package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A column takes the place of one of another type. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RetypeTest {

    private static final JavaForm JAVA = JavaForm.lossless(values -> values, values -> values);

    private final Shop shop;

    RetypeTest(Engine engine) {
        this.shop = new Shop(engine);
    }

    @AfterEach
    void drop() {
        shop.close();
    }

    private static Declaration retype(String before, String after, @Nullable String type, Form form) {
        return new Declaration(
                "customer-credit",
                "Customer.credit",
                Kind.REPLACE,
                TableName.of("customer"),
                List.of(before),
                List.of(new Declaration.NewColumn(after, type, false)),
                form);
    }

    private SqlForm toCents() {
        return shop.postgres()
                ? SqlForm.of("round({credit} * 100)::bigint", "{new} / 100.0")
                : SqlForm.of("CAST(ROUND({old} * 100) AS SIGNED)", "{cents} / 100");
    }

    private Declaration cents() {
        return retype("credit", "cents", "bigint", toCents());
    }

    private void customers() {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit numeric(10,2) NOT NULL, city varchar(20))",
                "CREATE INDEX customer_credit ON customer (credit DESC)",
                "CREATE UNIQUE INDEX customer_city_credit ON customer (city, credit)",
                "INSERT INTO customer VALUES (1, 1.50, 'London'), (2, 20, NULL), (3, -0.01, 'Paris')");
    }

    private ColumnChange guarded(Declaration declaration, String backfill, Side... sides) throws Exception {
        ColumnChange change = shop.resolve(declaration);
        shop.apply(change, Stage.EXPAND, true);
        shop.database.execute(backfill);
        for (Side side : sides) {
            shop.runner().guard(change, side, Shop.CERTAIN);
        }
        return change;
    }

    @Test
    void namesTheTypeAsTheCatalogDoesAndFindsItAgain() throws Exception {
        List<String> types = shop.postgres()
                ? List.of(
                        "varchar(200)",
                        "numeric(10,2)",
                        "decimal(8)",
                        "int8",
                        "timestamp(3)",
                        "TIMESTAMP(3) with time zone",
                        "char(5)",
                        "bool",
                        "varchar(20)[]",
                        "text COLLATE \"C\"",
                        "float(53)",
                        "uuid",
                        "jsonb")
                : List.of(
                        "varchar(200)",
                        "numeric(10,2)",
                        "decimal(8)",
                        "integer",
                        "datetime(3)",
                        "char(5)",
                        "boolean",
                        "enum ('a', 'b')",
                        "double precision",
                        "tinyint unsigned",
                        "json",
                        "timestamp",
                        "varchar(20) COLLATE utf8mb4_bin");
        for (String type : types) {
            shop.database.execute(
                    "DROP TABLE IF EXISTS customer", "CREATE TABLE customer (id int PRIMARY KEY, name int)");
            Declaration declaration = retype("name", "other", type, JAVA);
            ColumnChange change = shop.resolve(declaration);
            shop.apply(change, Stage.EXPAND, true);

            assertThat(shop.resolve(declaration)).as(type).isEqualTo(change);
            assertThat(shop.column(change).mandatory()).isFalse();
        }
    }

    @Test
    void leavesNothingOfItsTrialsBehind() throws Exception {
        customers();
        List<String> before = shop.catalog("customer");
        shop.resolve(cents());
        assertThat(shop.catalog("customer")).isEqualTo(before);
        assertThat(shop.database.value(
                        "SELECT COUNT(*) FROM information_schema.tables WHERE table_name LIKE 'segue_trial%'",
                        Long.class))
                .isZero();
    }

    @Test
    void goesThereAndBack() throws Exception {
        customers();
        for (boolean guarded : List.of(true, false)) {
            shop.thereAndBack(
                    shop.resolve(cents()),
                    guarded,
                    "UPDATE customer SET cents = credit * 100",
                    Stage.EXPAND,
                    Stage.GUARD,
                    Stage.ENFORCE,
                    Stage.RELAX);
        }
    }

    @Test
    void endsWithTheNewColumnAndItsIndexes() throws Exception {
        customers();
        ColumnChange change = guarded(cents(), "UPDATE customer SET cents = credit * 100", Side.NEW);
        for (Stage stage : List.of(Stage.ENFORCE, Stage.RELAX, Stage.CONTRACT)) {
            shop.apply(change, stage, true);
        }

        assertThat(shop.catalog("customer"))
                .noneMatch(line -> line.contains("name=credit,") || line.contains("segue_"))
                .anyMatch(line -> line.contains("type=bigint, mandatory=true"))
                .anyMatch(line -> line.contains("customer_city_cents") && line.contains("unique=true"))
                .anyMatch(line -> line.contains("customer_cents") && line.contains("DESC"));
        Column cents = shop.column(shop.resolve(cents()));
        assertThat(cents).isEqualTo(new Column("cents", "bigint", true));
    }

    @Test
    void theGuardConvertsForThoseWhoKnowOnlyOneSide() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit numeric(10,2))",
                "INSERT INTO customer VALUES (1, 1.50), (2, 20), (3, NULL)");
        ColumnChange change = guarded(cents(), "UPDATE customer SET cents = credit * 100", Side.NEW, Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id, credit) VALUES (4, 0.07), (5, NULL)",
                "INSERT INTO customer (id, cents) VALUES (6, 7)",
                "UPDATE customer SET credit = credit + 1 WHERE id <= 4",
                "UPDATE customer SET cents = 5 WHERE id = 3",
                "UPDATE customer SET credit = NULL WHERE id = 2",
                "UPDATE customer SET cents = NULL WHERE id = 1");

        assertThat(shop.row("credit, cents", 4)).isEqualTo("[1.07, 107]");
        assertThat(shop.row("credit, cents", 5)).isEqualTo("[null, null]");
        assertThat(shop.row("credit, cents", 6)).isEqualTo("[0.07, 7]");
        assertThat(shop.row("credit, cents", 3)).isEqualTo("[0.05, 5]");
        assertThat(shop.row("credit, cents", 2)).isEqualTo("[null, null]");
        assertThat(shop.row("credit, cents", 1)).isEqualTo("[null, null]");
        assertThat(shop.disagreeing(change)).isZero();
    }

    /** Cents become a number with a scale: 150 / 100.0 is 1.5000000000000000, and the column holds 1.50. */
    @Test
    void equalNumbersAgreeWhateverTheirScale() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, cents bigint)",
                "INSERT INTO customer VALUES (1, 150), (2, 7)");
        ColumnChange change = guarded(
                retype("cents", "credit", "numeric(10,2)", SqlForm.of("{old} / 100.0", "{new} * 100")),
                "UPDATE customer SET credit = cents / 100.0",
                Side.NEW);
        assertThat(shop.disagreeing(change)).isZero();

        shop.database.execute("UPDATE customer SET cents = cents + 1");
        assertThat(shop.row("cents, credit", 1)).isEqualTo("[151, 1.51]");
        assertThat(shop.hits()).isEmpty();
        assertThat(shop.disagreeing(change)).isZero();
    }

    @Test
    void aWriteThatCannotBeConvertedFailsAndSaysWhoseConversionItIs() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20))",
                "INSERT INTO customer VALUES (1, '5')");
        guarded(
                shop.postgres()
                        ? retype("name", "number", "smallint", SqlForm.of("{old}::bigint", "{new}::text"))
                        : retype("name", "number", "smallint", SqlForm.of("{old} + 0", "CAST({new} AS CHAR)")),
                "UPDATE customer SET number = 5",
                Side.NEW);
        shop.database.execute("UPDATE customer SET name = '7'");
        assertThat(shop.row("number", 1)).isEqualTo("[7]");

        for (String sql : List.of(
                "INSERT INTO customer (id, name) VALUES (2, '100000')",
                "UPDATE customer SET name = '100000' WHERE id = 1",
                "UPDATE customer SET name = 'seven' WHERE id = 1")) {
            assertThatThrownBy(() -> shop.database.execute(sql))
                    .rootCause()
                    .hasMessageContaining("Segue change 'customer-credit' of table customer, computing number: ");
        }
        assertThat(shop.row("name, number", 1)).isEqualTo("[7, 7]");
    }

    @Test
    void aValueThatCannotBeConvertedPassesUntilTheSealAndIsRecorded() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint "
                        + (shop.postgres() ? "GENERATED BY DEFAULT AS IDENTITY" : "AUTO_INCREMENT")
                        + " PRIMARY KEY, name varchar(20))",
                "INSERT INTO customer VALUES (10, '5')");
        ColumnChange change = guarded(
                shop.postgres()
                        ? retype("name", "number", "smallint", SqlForm.of("{old}::bigint", "{new}::text"))
                        : retype("name", "number", "smallint", SqlForm.of("{old} + 0", "CAST({new} AS CHAR)")),
                "UPDATE customer SET number = 5",
                Side.NEW);
        Registry registry = new Registry(shop.database.dataSource(), shop.dialect, "n1", NodeClock.SYSTEM);
        registry.declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        shop.database.execute(
                "UPDATE customer SET name = '100000' WHERE id = 10",
                shop.postgres()
                        ? "INSERT INTO customer (id, name) VALUES (11, 'seven')"
                        : "INSERT INTO customer (name) VALUES ('100000')",
                "INSERT INTO customer (id, name) VALUES (12, '7')",
                "INSERT INTO customer (id, name) VALUES (13, NULL)");
        assertThat(shop.row("name, number", 10)).isEqualTo("[100000, 5]");
        assertThat(shop.row("number", 11)).isEqualTo("[null]");
        assertThat(shop.row("name, number", 12)).isEqualTo("[7, 7]");
        String recorded = "SELECT row_key FROM segue_dirty ORDER BY id";
        assertThat(shop.database.rows(recorded))
                .extracting(row -> row.get("row_key"))
                .containsExactly("10", "11");
        assertThat(shop.database.value("SELECT COUNT(*) FROM segue_guard_hit", Long.class))
                .isEqualTo(3);

        // Whoever seals waits for a writer that has been let pass.
        try (Connection writer = shop.database.connect();
                Statement write = writer.createStatement()) {
            writer.setAutoCommit(false);
            write.execute("UPDATE customer SET name = '200000' WHERE id = 12");
            assertThatThrownBy(() -> shop.database.execute("SELECT 1 FROM segue_change FOR UPDATE NOWAIT"))
                    .hasMessageContaining("lock");
            writer.rollback();
        }
        shop.database.execute("UPDATE segue_change SET sealed_new = true");
        for (String sql : List.of(
                "INSERT INTO customer (id, name) VALUES (20, '100000')",
                "UPDATE customer SET name = '200000' WHERE id = 12")) {
            assertThatThrownBy(() -> shop.database.execute(sql))
                    .rootCause()
                    .hasMessageContaining("Segue change 'customer-credit' of table customer, computing number: ");
        }
        assertThat(shop.row("name, number", 12)).isEqualTo("[7, 7]");
        assertThat(shop.database.rows(recorded)).hasSize(2);
    }

    @Test
    void fillsAnOmittedColumnThatNullConvertsTo() throws Exception {
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20))");
        ColumnChange change = guarded(
                retype("name", "label", "varchar(30)", SqlForm.of("COALESCE({old}, '-')", "NULLIF({new}, '-')")),
                "UPDATE customer SET label = name",
                Side.NEW,
                Side.OLD);
        shop.database.execute(
                "INSERT INTO customer (id) VALUES (1)",
                "INSERT INTO customer (id, name) VALUES (2, NULL)",
                "INSERT INTO customer (id, label) VALUES (3, '-')",
                "INSERT INTO customer (id, label) VALUES (4, 'x')");

        for (int id : new int[] {1, 2, 3}) {
            assertThat(shop.row("name, label", id)).isEqualTo("[null, -]");
        }
        assertThat(shop.row("name, label", 4)).isEqualTo("[x, x]");
        assertThat(shop.disagreeing(change)).isZero();
    }

    @Test
    void keepsTheCollationOfAText() throws Exception {
        String collation = shop.postgres() ? "COLLATE \"C\"" : "CHARACTER SET latin1 COLLATE latin1_bin";
        shop.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20) " + collation + ")");

        assertThat(shop.column(shop.resolve(retype("name", "label", "varchar(30)", SqlForm.SAME)))
                        .type())
                .isEqualTo(
                        shop.postgres()
                                ? "character varying(30) COLLATE pg_catalog.\"C\""
                                : "varchar(30) CHARACTER SET latin1 COLLATE latin1_bin");
        assertThat(shop.column(shop.resolve(retype("name", "label", "bigint", JAVA)))
                        .type())
                .isEqualTo("bigint");
    }

    @Test
    void holdsForAnIndexThatDoesNotSuitTheNewType() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20))",
                shop.postgres()
                        ? "CREATE INDEX beginnings ON customer (name varchar_pattern_ops)"
                        : "CREATE INDEX beginnings ON customer (name(3))");
        ColumnChange change = guarded(retype("name", "number", "bigint", JAVA), "UPDATE customer SET number = 1");

        shop.holds(change, Stage.ENFORCE, "beginnings", "options", "customer.name");
        shop.holds(change, Stage.CONTRACT, "beginnings", "options");
    }

    @Test
    void saysWhatIsWrongWithATypeOrAForm() throws Exception {
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit numeric(10,2), cents int, name varchar(20))");
        assertThat(shop.problems(cents()))
                .singleElement()
                .asString()
                .contains("cents", "there already", "type int", "bigint");
        assertThat(shop.problems(retype("credit", "x", "no_such_type", JAVA)))
                .singleElement()
                .asString()
                .contains("customer.x", "'no_such_type'");
        for (String more : List.of("bigint DEFAULT 5", "bigint NOT NULL", "bigint, y bigint")) {
            assertThat(shop.problems(retype("credit", "x", more, JAVA)))
                    .singleElement()
                    .asString()
                    .contains("more than a type");
        }
        assertThat(shop.problems(retype("credit", "x", "bigint", SqlForm.of("{price} * 2", "{x} + {credit}"))))
                .hasSize(2)
                .anyMatch(line ->
                        line.contains("customer-credit") && line.contains("{price}") && line.contains("{credit}"))
                .anyMatch(line -> line.contains("names {credit}") && line.contains("Use {x}"));
        assertThat(shop.problems(retype("credit", "x", "bigint", new SqlForm(List.of("{old}", "1"), List.of("{new}")))))
                .singleElement()
                .asString()
                .contains("toNew has 2 expressions for 1 columns (x)");
        assertThat(shop.problems(retype("credit", "x", "bigint", SqlForm.of("no_such_function({old})", "{new}"))))
                .singleElement()
                .asString()
                .contains("column x", "no_such_function");
        assertThat(shop.problems(retype("credit", "x", "bigint", SqlForm.of("{old}", "{new} +"))))
                .singleElement()
                .asString()
                .contains("column credit");
        assertThat(shop.problems(
                        retype("credit", "x", "bigint", SqlForm.of("COALESCE({old}, 0)", "COALESCE({new}, 1)"))))
                .singleElement()
                .asString()
                .contains("NULL becomes a value in both directions");
    }

    @Test
    void findsOnPostgresWhatWouldFailOnlyInTheTrigger() throws Exception {
        if (!shop.postgres()) {
            return;
        }
        shop.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(20))",
                "CREATE FUNCTION doubled(text) RETURNS text LANGUAGE sql IMMUTABLE RETURN $1 || $1",
                "CREATE DOMAIN given AS text CHECK (value <> '')");
        assertThat(shop.problems(retype("name", "x", "bigint", SqlForm.of("{old}", "{new}"))))
                .singleElement()
                .asString()
                .contains("bigint");
        assertThat(shop.problems(retype("name", "x", "text", SqlForm.of("doubled({old})", "{new}"))))
                .singleElement()
                .asString()
                .contains("doubled", "schema");
        assertThat(shop.problems(retype("name", "x", "given", JAVA)))
                .singleElement()
                .asString()
                .contains("every row");
        assertThat(shop.problems(retype("name", "x", "bigserial", JAVA)))
                .singleElement()
                .asString()
                .contains("more than a type");
        guarded(
                retype("name", "x", "text", SqlForm.of("public.doubled({old})", "left({new}, length({new}) / 2)")),
                "SELECT 1",
                Side.NEW);
        shop.database.execute("INSERT INTO customer (id, name) VALUES (1, 'ab')");
        assertThat(shop.row("name, x", 1)).isEqualTo("[ab, abab]");
    }
}

package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.GuardMode;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A form in SQL that loses a value is never sealed: the row is put aside, named and tried again, whichever way the pass goes. */
@EachDatabase
class LostValuesTest {

    private final Credits credits;
    private final boolean postgres;

    LostValuesTest(Engine engine) {
        this.credits = new Credits(engine);
        this.postgres = engine == Engine.POSTGRESQL;
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    /**
     * A form from one column to another.
     *
     * @param toNew from the column that is the truth
     * @param toOld back
     * @param fine literals that come back
     * @param lost literals that do not
     */
    private record Case(
            String name,
            String oldType,
            String newType,
            String toNew,
            String toOld,
            List<String> fine,
            List<String> lost) {}

    private List<Case> cases() {
        String text = "varchar(40)";
        String number = postgres ? "bigint" : "SIGNED";
        List<Case> cases = new ArrayList<>(List.of(
                new Case(
                        "cut",
                        text,
                        "varchar(5)",
                        "left({c}, 5)",
                        "{c}",
                        List.of("'abc'", "NULL"),
                        List.of("'abcdef'")),
                new Case(
                        "too long for the column",
                        text,
                        "varchar(5)",
                        "{c}",
                        "{c}",
                        List.of("'abc'"),
                        List.of("'abcdef'")),
                new Case("case", text, text, "lower({c})", "{c}", List.of("'abc'"), List.of("'Abc'")),
                new Case("spaces at the end", text, text, "rtrim({c})", "{c}", List.of("'a'"), List.of("'a '")),
                new Case("accents", text, text, "replace({c}, 'é', 'e')", "{c}", List.of("'e'"), List.of("'é'")),
                new Case(
                        "two values become one",
                        text,
                        text,
                        "CASE {c} WHEN 'x' THEN 'y' ELSE {c} END",
                        "{c}",
                        List.of("'y'"),
                        List.of("'x'")),
                new Case(
                        "NULL becomes a value",
                        text,
                        text,
                        "coalesce({c}, '-')",
                        "{c}",
                        List.of("'-'"),
                        List.of("NULL")),
                new Case(
                        "a value comes back as NULL",
                        text,
                        text,
                        "coalesce({c}, '-')",
                        "nullif({c}, '-')",
                        List.of("NULL", "'x'"),
                        List.of("'-'")),
                new Case(
                        "NULL comes back as a value",
                        text,
                        text,
                        "nullif({c}, '-')",
                        "coalesce({c}, '-')",
                        List.of("'-'", "'x'"),
                        List.of("NULL")),
                new Case(
                        "rounded by the form",
                        "decimal(12,3)",
                        "bigint",
                        "CAST(round({c} * 100) AS " + number + ")",
                        "{c} / 100.0",
                        List.of("1.5", "-3.21"),
                        List.of("1.005")),
                new Case(
                        "rounded by the column",
                        "decimal(12,3)",
                        "decimal(12,1)",
                        "{c}",
                        "{c}",
                        List.of("1.5"),
                        List.of("1.25")),
                new Case(
                        "rounded and back",
                        "decimal(12,2)",
                        "decimal(20,9)",
                        "CAST({c} / 7 AS decimal(20,9))",
                        "CAST({c} * 7 AS decimal(12,2))",
                        List.of("1.5", "33.33"),
                        List.of()),
                new Case(
                        "text of a number",
                        text,
                        "bigint",
                        "CAST({c} AS " + number + ")",
                        postgres ? "CAST({c} AS text)" : "CAST({c} AS char)",
                        List.of("'7'"),
                        List.of("'007'")),
                new Case(
                        "an error",
                        text,
                        "bigint",
                        "CAST({c} AS " + number + ")",
                        postgres ? "CAST({c} AS text)" : "CAST({c} AS char)",
                        List.of("'7'", "'8'"),
                        List.of("'a secret'", "'another secret'")),
                new Case("fixed length", "char(5)", text, "{c}", "{c}", List.of("'abc'", "''"), List.of()),
                new Case(
                        "half a second",
                        postgres ? "timestamp(6) without time zone" : "datetime(6)",
                        postgres ? "timestamp(0) without time zone" : "datetime",
                        "{c}",
                        "{c}",
                        List.of("'2026-03-01 12:00:01'"),
                        List.of("'2026-03-01 12:00:01.4'")),
                new Case(
                        "a short floating point number",
                        postgres ? "double precision" : "double",
                        postgres ? "real" : "float",
                        "{c}",
                        "{c}",
                        List.of("0.5"),
                        List.of("0.1")),
                new Case(
                        "a long floating point number",
                        postgres ? "real" : "float",
                        postgres ? "double precision" : "double",
                        "{c}",
                        "{c}",
                        List.of("0.1", "0.5"),
                        List.of())));
        if (!postgres) {
            cases.add(new Case(
                    "another character set",
                    "varchar(40) CHARACTER SET utf8mb4",
                    "varchar(40) CHARACTER SET latin1",
                    "CONVERT({c} USING latin1)",
                    "CONVERT({c} USING utf8mb4)",
                    List.of("'abc'", "'ä'"),
                    List.of("'日本'")));
            cases.add(new Case(
                    "an error of a function",
                    "char(36)",
                    "binary(16)",
                    "UUID_TO_BIN({c})",
                    "BIN_TO_UUID({c})",
                    List.of("'6ccd780c-baba-1026-9564-5b8c656024db'"),
                    List.of("'a secret'")));
        }
        return cases;
    }

    @TestFactory
    Stream<DynamicTest> aValueThatIsLostOnTheWayIsPutAside() {
        return cases().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> pass(one, Side.NEW)));
    }

    /** The same conversions, but that now the old side is to be written from the new one. */
    @TestFactory
    Stream<DynamicTest> aValueThatWouldBeLostOnTheWayBackIsPutAside() {
        return cases().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> pass(one, Side.OLD)));
    }

    private void pass(Case one, Side side) throws Exception {
        boolean forward = side == Side.NEW;
        String source = source(side);
        String target = source(side.other());
        ColumnChange change = table(one, side);
        // On the way back such a row agrees, because the side that is to be written holds NULL as well.
        List<String> lost = one.lost().stream()
                .filter(literal -> forward || !literal.equals("NULL"))
                .toList();
        int id = 0;
        for (String literal : one.fine()) {
            credits.database.execute(
                    "INSERT INTO customer (id, " + source + ") VALUES (" + ++id + ", " + literal + ")");
        }
        int fine = id;
        for (String literal : lost) {
            credits.database.execute(
                    "INSERT INTO customer (id, " + source + ") VALUES (" + ++id + ", " + literal + ")");
        }
        String whole = "SELECT id, " + source + " FROM customer ORDER BY id";
        List<?> before = credits.database.rows(whole);

        Outcome outcome = credits.pass(change, side, epoch(change, side));

        assertThat(keysPutAside())
                .isEqualTo(Stream.iterate(fine + 1, i -> i + 1)
                        .limit(id - fine)
                        .map(String::valueOf)
                        .toList());
        assertThat(outcome).isEqualTo(lost.isEmpty() ? Outcome.FINISHED_ALL : Outcome.NOTHING_TO_CLAIM);
        assertThat(credits.isComplete(change, side, epoch(change, side))).isEqualTo(lost.isEmpty());
        assertThat(credits.database.rows(whole)).as("the truth").isEqualTo(before);
        assertThat(credits.count("customer WHERE CASE WHEN id <= " + fine + " THEN " + source + " IS NOT NULL AND "
                        + one.toNew().replace("{c}", source) + " IS NOT NULL AND " + target + " IS NULL END"))
                .as("rows that come back and are not filled")
                .isZero();
        if (!lost.isEmpty()) {
            assertThat(credits.progress(change, side, epoch(change, side)).waitingFor())
                    .contains(lost.size() + " row(s) that do not convert", "customer " + (fine + 1) + " (the ")
                    .doesNotContain("secret");
            credits.database.execute("DELETE FROM customer WHERE id > " + fine);
            credits.finish(change, side, epoch(change, side));
            assertThat(credits.isComplete(change, side, epoch(change, side))).isTrue();
        }
    }

    private static String source(Side written) {
        return written == Side.NEW ? "credit" : "cents";
    }

    /** An empty table, and the change whose form is that of the case on the way to the side that is written. */
    private ColumnChange table(Case one, Side written) throws SQLException {
        boolean forward = written == Side.NEW;
        String there = one.toNew().replace("{c}", "{" + source(written) + "}");
        String back = one.toOld().replace("{c}", "{" + source(written.other()) + "}");
        String oldType = forward ? one.oldType() : one.newType();
        String newType = forward ? one.newType() : one.oldType();
        credits.database.execute(
                "DROP TABLE IF EXISTS customer",
                "DELETE FROM segue_range",
                "DELETE FROM segue_dirty",
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit " + oldType + " NULL, cents " + newType
                        + " NULL)");
        return credits.change(forward ? SqlForm.of(there, back) : SqlForm.of(back, there), oldType, newType);
    }

    @TestFactory
    Stream<DynamicTest> anOldWriterWhoseValueWouldBeLostGoesOnUntilTheSealAndIsRecorded() {
        return cases().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> oldWriter(one)));
    }

    private void oldWriter(Case one) throws Exception {
        ColumnChange change = table(one, Side.NEW);
        credits.guard(change, Side.NEW, GuardMode.FILLS);
        credits.database.execute("UPDATE segue_change SET sealed_new = false");
        credits.database.execute(
                "INSERT INTO customer (id, credit) VALUES (1, " + one.fine().get(0) + ")");
        String filled = "SELECT * FROM customer ORDER BY id";
        List<?> fine = credits.database.rows(filled);
        assertThat(keysRecorded()).isEmpty();

        for (String literal : one.lost()) {
            credits.database.execute(
                    "INSERT INTO customer (id, credit) VALUES (2, " + literal + ")",
                    "UPDATE customer SET credit = " + literal + " WHERE id = 1");
            assertThat(keysRecorded()).containsExactly("1", "2");
            assertThat(credits.count("customer WHERE id = 2 AND cents IS NOT NULL"))
                    .isZero();

            credits.database.execute(
                    "DELETE FROM customer WHERE id = 2",
                    "UPDATE customer SET credit = " + one.fine().get(0),
                    "DELETE FROM segue_dirty",
                    "UPDATE segue_change SET sealed_new = true");
            assertThat(credits.database.rows(filled)).usingRecursiveComparison().isEqualTo(fine);
            refused("INSERT INTO customer (id, credit) VALUES (2, " + literal + ")", "cents");
            refused("UPDATE customer SET credit = " + literal, "cents");
            assertThat(credits.database.rows(filled)).usingRecursiveComparison().isEqualTo(fine);
            assertThat(keysRecorded()).isEmpty();
            credits.database.execute("UPDATE segue_change SET sealed_new = false");
        }
    }

    /** Its own trigger would carry what is left of the value back to where it came from. */
    @TestFactory
    Stream<DynamicTest> aNewWriterWhoseValueWouldBeLostOnTheWayBackIsRefused() {
        return cases().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> newWriter(one)));
    }

    private void newWriter(Case one) throws Exception {
        ColumnChange change = table(one, Side.OLD);
        credits.guard(change, Side.OLD, GuardMode.FILLS);
        credits.guard(change, Side.NEW, GuardMode.FILLS);
        credits.database.execute(
                "INSERT INTO customer (id, cents) VALUES (1, " + one.fine().get(0) + ")");
        String filled = "SELECT * FROM customer ORDER BY id";
        List<?> fine = credits.database.rows(filled);

        for (String literal : one.lost()) {
            // A row without either side is one of the old side.
            if (!literal.equals("NULL")) {
                refused("INSERT INTO customer (id, cents) VALUES (2, " + literal + ")", "credit");
            }
            refused("UPDATE customer SET cents = " + literal, "credit");
            assertThat(credits.database.rows(filled)).usingRecursiveComparison().isEqualTo(fine);
        }
    }

    private void refused(String write, String computed) {
        assertThatThrownBy(() -> credits.database.execute(write))
                .as(write)
                .rootCause()
                .hasMessageContaining("Segue change 'customer-cents' of table customer, computing " + computed + ": ");
    }

    private List<String> keysRecorded() {
        return credits.database.rows("SELECT DISTINCT row_key FROM segue_dirty ORDER BY row_key").stream()
                .map(row -> String.valueOf(row.get("row_key")))
                .toList();
    }

    private long epoch(ColumnChange change, Side side) throws SQLException {
        return side == Side.NEW || onlyNew(change) ? registryEpoch() : credits.onlyNewIsSealed(change);
    }

    private boolean onlyNew(ColumnChange change) throws SQLException {
        return credits.registry.read(change.id()).orElseThrow().situation().sealedNew();
    }

    private long registryEpoch() {
        return credits.database.value("SELECT epoch FROM segue_change", Long.class);
    }

    private List<String> keysPutAside() {
        return credits
                .database
                .rows("SELECT row_key FROM segue_dirty WHERE reason IS NOT NULL ORDER BY row_key")
                .stream()
                .map(row -> String.valueOf(row.get("row_key")))
                .toList();
    }

    @Test
    void rowsThatAgreeAreLookedAtAsWell() throws Exception {
        ColumnChange change = lowerCase(2_000);
        credits.database.execute("UPDATE customer SET credit = 'Ada', cents = 'ada' WHERE id IN (5, 1500)");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(keysPutAside()).containsExactlyInAnyOrder("5", "1500");
        assertThat(credits.progress(change, Side.NEW, 0).waitingFor()).contains(Judge.LOST);
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(2_000);
    }

    @Test
    void aLockedRowIsNotTakenForOneThatIsLost() throws Exception {
        ColumnChange change = lowerCase(1_000);
        credits.database.execute("UPDATE customer SET credit = 'Ada' WHERE id IN (7, 800)");
        try (var other = credits.database.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id IN (6, 801)");

            assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(keysPutAside()).containsExactlyInAnyOrder("7", "800");
            assertThat(credits.count("customer WHERE cents IS NULL AND id IN (6, 801)"))
                    .isEqualTo(2);
            assertThat(credits.progress(change, Side.NEW, 0).waitingFor()).contains("locked", "do not convert");
            other.rollback();
        }
        credits.database.execute("UPDATE customer SET credit = 'ada' WHERE id IN (7, 800)");
        credits.finish(change, Side.NEW, 0);
        assertThat(credits.count("customer WHERE cents IS NULL OR cents <> credit"))
                .isZero();
    }

    /** Its own trigger would carry what is left of the value back to where it came from. */
    @Test
    void theGuardOfTheOtherDirectionDoesNotCarryALossBack() throws Exception {
        ColumnChange change = lowerCase(100);
        credits.database.execute(
                "UPDATE customer SET credit = 'same', cents = 'same'",
                // Its way back is 'ada', and 'ada' is what comes back from that.
                "UPDATE customer SET cents = 'Ada' WHERE id = 50",
                "UPDATE customer SET cents = 'bob' WHERE id = 51");
        credits.guard(change, Side.NEW, GuardMode.FILLS);
        credits.guard(change, Side.OLD, GuardMode.FILLS);
        long epoch = credits.onlyNewIsSealed(change);

        assertThat(credits.pass(change, Side.OLD, epoch)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(credits.count("customer WHERE id = 50 AND " + exactly("cents", "Ada") + " AND credit = 'same'"))
                .isEqualTo(1);
        assertThat(credits.count("customer WHERE id = 51 AND " + exactly("credit", "bob")))
                .isEqualTo(1);
        assertThat(keysPutAside()).containsExactly("50");
    }

    private String exactly(String column, String value) {
        return (postgres ? column : "CAST(" + column + " AS BINARY)") + " = '" + value + "'";
    }

    @Test
    void everyColumnHasToComeBack() throws Exception {
        credits.database.execute(
                "CREATE TABLE person (id bigint PRIMARY KEY, given varchar(40), family varchar(40), name varchar(90))",
                "INSERT INTO person VALUES (1, 'Ann', 'Lee', NULL), (2, 'Ann Lee', 'Ray', NULL), (3, 'Ann', 'Lee Ray', NULL),"
                        + " (4, NULL, 'Lee', NULL), (5, NULL, NULL, NULL)");
        ColumnChange change = new ColumnChange(
                "person-name",
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("person"),
                        List.of(new Column("id", "bigint", true)),
                        List.of(new Column("given", "varchar(40)", false), new Column("family", "varchar(40)", false)),
                        List.of(new Column("name", "varchar(90)", false)),
                        new SqlForm(
                                List.of(postgres ? "{given} || ' ' || {family}" : "concat({given}, ' ', {family})"),
                                postgres
                                        ? List.of(
                                                "split_part({name}, ' ', 1)", "substr({name}, strpos({name}, ' ') + 1)")
                                        : List.of(
                                                "substring_index({name}, ' ', 1)",
                                                "substring({name}, locate(' ', {name}) + 1)")))));
        declare(change);

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(keysPutAside()).containsExactly("2", "4");
        assertThat(credits.count("person WHERE name = 'Ann Lee' OR name = 'Ann Lee Ray' AND id = 3"))
                .isEqualTo(2);
    }

    @Test
    void aNewColumnWithoutAPredecessorHasNoWayBack() throws Exception {
        credits.table(10);
        credits.database.execute("ALTER TABLE customer ADD COLUMN tier varchar(10)");
        ColumnChange change = new ColumnChange(
                "customer-tier",
                Kind.INTRODUCE,
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(new Column("id", "bigint", true)),
                        List.of(new Column("credit", "varchar(40)", false)),
                        List.of(new Column("tier", "varchar(10)", false)),
                        new SqlForm(List.of("left({credit}, 1)"), List.of()))));
        declare(change);

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.count("customer WHERE tier = '0'")).isEqualTo(10);
    }

    @Test
    void ofManyRowsThatRaiseErrorsEachIsPutAside() throws Exception {
        ColumnChange change = numbers(600);
        credits.database.execute("UPDATE customer SET credit = 'none' WHERE mod(id, 60) = 7");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(keysPutAside()).hasSize(10).contains("7", "67", "547");
        assertThat(credits.count("customer WHERE cents IS NULL")).isEqualTo(10);
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(600);

        credits.database.execute("UPDATE customer SET credit = '7' WHERE credit = 'none'");
        credits.finish(change, Side.NEW, 0);
        assertThat(credits.count("customer WHERE cents IS NULL")).isZero();
    }

    /** Digits as a text, into a number. */
    private ColumnChange numbers(int rows) throws SQLException {
        ColumnChange change = credits.customers(
                rows,
                SqlForm.of(
                        "CAST({old} AS " + (postgres ? "bigint" : "SIGNED") + ")",
                        "CAST({new} AS " + (postgres ? "text" : "char") + ")"));
        credits.database.execute("UPDATE customer SET credit = id");
        return change;
    }

    private ColumnChange lowerCase(int rows) throws SQLException {
        credits.table(rows);
        credits.database.execute(
                "ALTER TABLE customer DROP COLUMN cents", "ALTER TABLE customer ADD COLUMN cents varchar(40)");
        return credits.change(SqlForm.of("lower({old})", "lower({new})"), "varchar(40)", "varchar(40)");
    }

    private void declare(ColumnChange change) throws SQLException {
        credits.registry.declare(change.id(), change.definition(), change.kind(), Guard.Form.SQL);
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, dev.segue.lifecycle.Progress.DONE));
            return 0;
        });
    }
}

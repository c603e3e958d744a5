package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.change.JavaForm.Converter;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.Barrier;
import dev.segue.schema.GuardMode;
import dev.segue.schema.LockPatience;
import dev.segue.schema.StageRunner;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pass by a conversion that exists only in Java leaves no row behind, loses none, and says which ones it cannot do. */
@EachDatabase
class JavaPassesTest {

    private static final Duration CLAIM = Duration.ofSeconds(2);

    private static final Pace PACE = new Pace(Duration.ofMillis(20), 100, 500, 0);

    private final Engine engine;
    private final Database dialect;
    private final TestDatabase database;
    private final Registry registry;

    JavaPassesTest(Engine engine) {
        this.engine = engine;
        dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        database = DatabaseServers.shared(engine).createDatabase();
        registry = new Registry(database.dataSource(), dialect, "n1", NodeClock.SYSTEM);
    }

    @BeforeEach
    void registry() {
        RegistryTables.migrate(database.dataSource(), dialect);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    private static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    /** Cents are a hundred times the credit, which is a text: {@code 12.34}. */
    private static final Converter TO_CENTS = values -> one(
            values.get(0) == null
                    ? null
                    : new BigDecimal(values.get(0).toString()).movePointRight(2).longValueExact());

    private static final Converter TO_EUROS = values -> one(
            values.get(0) instanceof Number cents
                    ? BigDecimal.valueOf(cents.longValue(), 2).toPlainString()
                    : null);

    private static final JavaForm CENTS = JavaForm.lossless(TO_CENTS, TO_EUROS);

    private Passes passes(String node) {
        return new Passes(database.dataSource(), dialect, registry, node, CLAIM);
    }

    private ColumnChange change(JavaForm form, String oldType, String newType) throws SQLException {
        ColumnChange change = new ColumnChange(
                "customer-cents",
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(new Column("id", "bigint", false)),
                        List.of(new Column("credit", oldType, false)),
                        List.of(new Column("cents", newType, false)),
                        form)));
        registry.declare(change.id(), change.definition(), Guard.Form.JAVA);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return locked.situation();
        });
        return change;
    }

    /** A table with that many rows, of which none has cents. */
    private ColumnChange customers(int rows) throws SQLException {
        return customers(rows, CENTS);
    }

    private ColumnChange customers(int rows, JavaForm form) throws SQLException {
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit varchar(40), cents bigint, version int)",
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, (g * 0.01)::numeric(12,2)::text, NULL, 7 FROM generate_series(1, "
                                + rows + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                                + ") SELECT n, CAST(CAST(n * 0.01 AS DECIMAL(12,2)) AS CHAR), NULL, 7 FROM g");
        return change(form, "varchar(40)", "bigint");
    }

    private StageRunner runner() {
        return new StageRunner(database.dataSource(), dialect, LockPatience.DEFAULT);
    }

    private void guard(ColumnChange change, Side side, GuardMode mode) throws Exception {
        runner().guard(change, side, mode, connection -> {});
    }

    private long count(String what) {
        return database.value("SELECT count(*) FROM " + what, Long.class);
    }

    private long disagreeing() {
        return count("customer WHERE cents IS NULL OR cents <> CAST(credit AS decimal(30, 4)) * 100");
    }

    private boolean isComplete(ColumnChange change, Side side, long epoch) throws SQLException {
        try (Connection connection = database.connect()) {
            return passes("n1").isComplete(connection, change, side, epoch);
        }
    }

    private dev.segue.backfill.Progress progress(ColumnChange change, Side side, long epoch) throws SQLException {
        return passes("n1").progress(change, side, epoch).orElseThrow();
    }

    private Outcome pass(ColumnChange change, Side side, long epoch) throws SQLException {
        assertThat(passes("n1").open(change, side, epoch)).isTrue();
        return passes("n1").work(change, side, epoch, PACE, () -> true);
    }

    private void finish(ColumnChange change, Side side, long epoch) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> passes("n1").work(change, side, epoch, PACE, () -> true) == Outcome.FINISHED_ALL);
    }

    /** NEW is the truth, in a new epoch. */
    private long onlyNewIsSealed(ColumnChange change) throws SQLException {
        return registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().proven(Side.NEW).voided(Side.OLD));
            return locked.situation().epoch();
        });
    }

    @Test
    void everyRowIsConvertedAndNothingElseIsTouched() throws SQLException {
        ColumnChange change = customers(2_000);
        database.execute("UPDATE customer SET credit = NULL WHERE id = 7");
        if (engine == Engine.MYSQL) {
            database.execute(
                    "ALTER TABLE customer ADD COLUMN changed timestamp(6) NOT NULL DEFAULT '2020-01-01 00:00:00'"
                            + " ON UPDATE CURRENT_TIMESTAMP(6)");
        }

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing()).as("the one that is NULL").isEqualTo(1);
        assertThat(count("customer WHERE version <> 7")).isZero();
        if (engine == Engine.MYSQL) {
            assertThat(count("customer WHERE changed <> '2020-01-01 00:00:00'")).isZero();
        }
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(2_000);
        assertThat(database.value("SELECT sum(rows_repaired) FROM segue_range", Long.class))
                .isEqualTo(1_999);
        assertThat(isComplete(change, Side.NEW, 0)).isTrue();
    }

    @Test
    void onlyRowsThatDifferAreWritten() throws SQLException {
        ColumnChange change = customers(1_000);
        pass(change, Side.NEW, 0);
        database.execute("UPDATE customer SET credit = '5.00' WHERE id IN (3, 900)");
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().voided(Side.NEW));
            return 0;
        });

        assertThat(pass(change, Side.NEW, 1)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing()).isZero();
        assertThat(database.value("SELECT sum(rows_repaired) FROM segue_range WHERE epoch = 1", Long.class))
                .isEqualTo(2);
    }

    @Test
    void aRecordedWriteIsDrained() throws Exception {
        ColumnChange change = customers(100);
        pass(change, Side.NEW, 0);
        guard(change, Side.NEW, GuardMode.RECORDS);
        database.execute(
                "UPDATE customer SET credit = '7.00' WHERE id = 1",
                "UPDATE customer SET credit = '8.00' WHERE id = 1",
                "INSERT INTO customer (id, credit) VALUES (5000, '9.00')",
                "INSERT INTO customer (id, credit) VALUES (5001, '9.00')",
                "DELETE FROM customer WHERE id = 5001");
        assertThat(isComplete(change, Side.NEW, 0)).as("rows are dirty").isFalse();
        assertThat(progress(change, Side.NEW, 0).dirty()).isEqualTo(4);
        assertThat(progress(change, Side.NEW, 0).finished()).isFalse();
        assertThat(progress(change, Side.NEW, 0).waitingFor()).contains("4 row(s) that the guard has recorded");

        assertThat(passes("n1").drain(change, () -> true)).isZero();

        assertThat(disagreeing()).isZero();
        assertThat(count("segue_dirty")).isZero();
        assertThat(isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.FINISHED_ALL);
    }

    @Test
    void aPassDrainsByItselfAndIsNotSeenByTheGuard() throws Exception {
        ColumnChange change = customers(300);
        guard(change, Side.NEW, GuardMode.RECORDS);
        guard(change, Side.OLD, GuardMode.REFUSES);
        database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing()).isZero();
        assertThat(count("segue_dirty")).isZero();
        assertThat(count("segue_guard_hit")).as("the write by hand").isEqualTo(1);
    }

    @Test
    void aWriteAgainstTheOnlySealedSideIsNotCarriedOver() throws Exception {
        ColumnChange change = customers(10);
        pass(change, Side.NEW, 0);
        guard(change, Side.NEW, GuardMode.RECORDS);
        database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");
        onlyNewIsSealed(change);

        assertThat(passes("n1").drain(change, () -> true)).isZero();

        assertThat(count("customer WHERE id = 1 AND cents = 1")).isEqualTo(1);
        assertThat(count("segue_dirty")).isZero();
    }

    @Test
    void lockedDirtyRowsAreKeptForLater() throws Exception {
        ColumnChange change = customers(10);
        pass(change, Side.NEW, 0);
        guard(change, Side.NEW, GuardMode.RECORDS);
        database.execute("UPDATE customer SET credit = '7.00' WHERE id IN (1, 2)");
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id = 1");

            assertThat(passes("n1").drain(change, () -> true)).isEqualTo(1);
            assertThat(isComplete(change, Side.NEW, 0)).isFalse();
            other.commit();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> passes("n1").drain(change, () -> true) == 0);
        assertThat(disagreeing()).isZero();
    }

    @Test
    void rowsThatDoNotConvertHoldThePassAndAreNamedWithoutTheirValues() throws Exception {
        ColumnChange change = customers(1_000);
        database.execute("UPDATE customer SET credit = 'a secret' WHERE id IN (5, 700)");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(count("customer WHERE cents IS NULL")).isEqualTo(2);
        assertThat(isComplete(change, Side.NEW, 0)).isFalse();
        dev.segue.backfill.Progress progress = progress(change, Side.NEW, 0);
        assertThat(progress.quarantined()).isEqualTo(2);
        assertThat(progress.finished()).isFalse();
        assertThat(progress.waitingFor())
                .contains("2 row(s) that do not convert", "customer 5 (", "customer 700 (", "NumberFormatException")
                .doesNotContain("secret");

        database.execute("UPDATE customer SET credit = '5.00' WHERE id IN (5, 700)");
        finish(change, Side.NEW, 0);
        assertThat(disagreeing()).isZero();
        assertThat(isComplete(change, Side.NEW, 0)).isTrue();
    }

    @Test
    void aRowIsPutAsideOnceHoweverManyPassesFindIt() throws Exception {
        ColumnChange change = customers(10);
        database.execute("UPDATE customer SET credit = 'none' WHERE id = 5");
        pass(change, Side.NEW, 0);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().voided(Side.NEW));
            return 0;
        });
        pass(change, Side.NEW, 1);

        assertThat(count("segue_dirty")).isEqualTo(1);
    }

    @Test
    void valuesThatDoNotSurviveThereAndBackAreNamedWithoutTheirValues() throws Exception {
        ColumnChange change = customers(100);
        // 7.5 comes back as 7.50.
        database.execute("UPDATE customer SET credit = '7.5' WHERE id = 50");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(progress(change, Side.NEW, 0).waitingFor())
                .contains("customer 50 (the value does not survive the conversion there and back)")
                .doesNotContain("7.5");
        assertThat(count("customer WHERE cents IS NULL")).isEqualTo(1);
    }

    @Test
    void aLossyChangeAcceptsThem() throws Exception {
        ColumnChange change = customers(100, new JavaForm(TO_CENTS, TO_EUROS, true));
        database.execute("UPDATE customer SET credit = '7.5' WHERE id = 50");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing()).isZero();
    }

    @Test
    void aValueThatConvertsToNothingIsPutAside() throws Exception {
        ColumnChange change = customers(
                10,
                new JavaForm(
                        values -> "".equals(values.get(0)) ? one(null) : TO_CENTS.convert(values), TO_EUROS, true));
        database.execute("UPDATE customer SET credit = '' WHERE id = 5");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(progress(change, Side.NEW, 0).waitingFor()).contains("customer 5 (the value converts to NULL");
    }

    @Test
    void whatTheColumnDoesNotTakeOrRoundsIsFoundAmongTheOthers() throws Exception {
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit varchar(40), cents decimal(6,1), version int)",
                "INSERT INTO customer (id, credit) VALUES (1, '1.5'), (2, '2.25'), (3, '12345678.5'), (4, '4.5')");
        ColumnChange change = change(
                JavaForm.lossless(
                        values -> one(new BigDecimal(String.valueOf(values.get(0)))),
                        values -> one(String.valueOf(values.get(0)))),
                "varchar(40)",
                engine == Engine.POSTGRESQL ? "numeric(6,1)" : "decimal(6,1)");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

        assertThat(database.rows("SELECT id FROM customer WHERE cents = credit + 0 ORDER BY id"
                        .replace("credit + 0", engine == Engine.POSTGRESQL ? "credit::numeric" : "credit + 0")))
                .extracting(row -> ((Number) row.values().iterator().next()).longValue())
                .containsExactly(1L, 4L);
        assertThat(progress(change, Side.NEW, 0).waitingFor())
                .contains("customer 2 (the value does not survive being stored")
                .contains("customer 3 (the database does not take what it converts to (SQL state 2200");
    }

    @Test
    void theWayBackKeepsAnOldValueThatAlreadyConverts() throws Exception {
        ColumnChange change = customers(100, new JavaForm(TO_CENTS, TO_EUROS, true));
        database.execute("UPDATE customer SET credit = '7.5' WHERE id = 50");
        pass(change, Side.NEW, 0);
        long epoch = onlyNewIsSealed(change);
        database.execute(
                "UPDATE customer SET cents = 4200 WHERE id <= 10",
                "UPDATE customer SET credit = 'nonsense' WHERE id = 20",
                "UPDATE customer SET credit = NULL WHERE id = 21");

        assertThat(pass(change, Side.OLD, epoch)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(disagreeing()).isZero();
        assertThat(count("customer WHERE credit = '42.00'")).isEqualTo(10);
        assertThat(count("customer WHERE id IN (20, 21) AND credit IN ('0.20', '0.21')"))
                .isEqualTo(2);
        assertThat(count("customer WHERE id = 50 AND credit = '7.5'"))
                .as("it converts to what NEW holds")
                .isEqualTo(1);
        assertThat(database.value("SELECT sum(rows_repaired) FROM segue_range WHERE side = 'OLD'", Long.class))
                .isEqualTo(12);
    }

    @Test
    void comparesBytes() throws Exception {
        database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, credit varchar(40), cents varchar(40))");
        database.execute(
                "INSERT INTO customer VALUES (1, 'a', 'A'), (2, 'a', 'a '), (3, 'a ', 'a'), (4, 'e', 'é'), (5, 'x', 'x')");
        ColumnChange change =
                change(JavaForm.lossless(values -> values, values -> values), "varchar(40)", "varchar(40)");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(database.value("SELECT sum(rows_repaired) FROM segue_range", Long.class))
                .isEqualTo(4);
        assertThat(database.rows("SELECT credit, cents FROM customer ORDER BY id"))
                .allSatisfy(row -> assertThat(row.values()).satisfies(values -> {
                    List<@Nullable Object> both = List.copyOf(values);
                    assertThat(both.get(1)).isEqualTo(both.get(0));
                }));
    }

    @Test
    void keysOfTextAndOfSeveralColumnsAreFoundAgain() throws Exception {
        String collated = engine == Engine.POSTGRESQL ? "varchar(20)" : "varchar(20) CHARACTER SET latin1";
        database.execute("CREATE TABLE customer (region int, code " + collated
                + ", at " + (engine == Engine.POSTGRESQL ? "timestamptz" : "timestamp(6)")
                + ", credit varchar(40), cents bigint, PRIMARY KEY (region, code, at))");
        ColumnChange change = new ColumnChange(
                "customer-cents",
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(
                                new Column("region", engine == Engine.POSTGRESQL ? "integer" : "int", true),
                                new Column("code", collated, true),
                                new Column(
                                        "at",
                                        engine == Engine.POSTGRESQL ? "timestamp with time zone" : "timestamp(6)",
                                        true)),
                        List.of(new Column("credit", "varchar(40)", false)),
                        List.of(new Column("cents", "bigint", false)),
                        CENTS)));
        registry.declare(change.id(), change.definition(), Guard.Form.JAVA);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return 0;
        });
        guard(change, Side.NEW, GuardMode.RECORDS);
        String zone = engine == Engine.POSTGRESQL ? "SET TIME ZONE 'Asia/Tokyo'" : "SET time_zone = '+09:00'";
        database.execute(
                zone,
                "INSERT INTO customer (region, code, at, credit) VALUES (1, 'a,%ä', '2026-10-25 02:30:00.000001', '1.00'), (2, '', '2026-01-01 00:00:00', '2.00')");

        assertThat(passes("n1").drain(change, () -> true)).isZero();
        assertThat(disagreeing()).isZero();

        database.execute("DELETE FROM segue_dirty", "UPDATE customer SET credit = '5.00'", "DELETE FROM segue_dirty");
        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(disagreeing()).isZero();
    }

    @Test
    void lockedRowsAreNamedAndTriedAgainWithoutWaitingForThem() throws SQLException {
        ColumnChange change = customers(2_000);
        passes("n1").open(change, Side.NEW, 0);
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id IN (5, 1500)");

            assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(disagreeing()).isEqualTo(2);
            assertThat(isComplete(change, Side.NEW, 0)).isFalse();
            assertThat(progress(change, Side.NEW, 0).waitingFor()).contains("locked");
            other.commit();
        }
        finish(change, Side.NEW, 0);
        assertThat(disagreeing()).isZero();
    }

    @Test
    void rowsThatAgreeAreNotLocked() throws Exception {
        ColumnChange change = customers(100);
        pass(change, Side.NEW, 0);
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().voided(Side.NEW));
            return 0;
        });
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8");

            assertThat(pass(change, Side.NEW, 1)).isEqualTo(Outcome.FINISHED_ALL);
        }
    }

    @Test
    void aWriteBetweenReadingAndLockingIsConverted() throws Exception {
        // The second value is written while the first one is being converted.
        AtomicInteger conversions = new AtomicInteger();
        ColumnChange change = customers(
                1,
                JavaForm.lossless(
                        values -> {
                            if (conversions.getAndIncrement() == 0) {
                                database.execute("UPDATE customer SET credit = '9.00'");
                            }
                            return TO_CENTS.convert(values);
                        },
                        TO_EUROS));

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(count("customer WHERE cents = 900")).isEqualTo(1);
    }

    @Test
    void twoWorkersShareTheRowsAndNoneIsReadTwice() throws Exception {
        int rows = 60_000;
        ColumnChange change = customers(rows);
        database.execute(engine == Engine.POSTGRESQL ? "ANALYZE customer" : "ANALYZE TABLE customer");
        passes("n1").open(change, Side.NEW, 0);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Outcome>> workers = IntStream.range(0, 2)
                    .<Callable<Outcome>>mapToObj(
                            i -> () -> passes("n" + i).work(change, Side.NEW, 0, Pace.DEFAULT, () -> true))
                    .toList();
            for (Future<Outcome> worker : threads.invokeAll(workers)) {
                assertThat(worker.get(60, TimeUnit.SECONDS)).isNotEqualTo(Outcome.VOID);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(disagreeing()).isZero();
        assertThat(isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
        assertThat(database.value("SELECT count(DISTINCT claimed_by) FROM segue_range", Long.class))
                .isEqualTo(2);
    }

    @Test
    void nothingIsRepairedAfterTheEpochHasGoneUp() throws SQLException {
        ColumnChange change = customers(2_000);
        passes("n1").open(change, Side.NEW, 0);
        AtomicInteger asked = new AtomicInteger();
        Outcome outcome = passes("n1").work(change, Side.NEW, 0, PACE, () -> {
            if (asked.incrementAndGet() == 4) {
                raiseEpoch(change);
            }
            return true;
        });

        assertThat(outcome).isEqualTo(Outcome.VOID);
        long left = disagreeing();
        assertThat(left).isBetween(1L, 1_999L);
        assertThat(passes("n1").work(change, Side.NEW, 0, PACE, () -> true)).isEqualTo(Outcome.VOID);
        assertThat(disagreeing()).isEqualTo(left);
        assertThat(pass(change, Side.NEW, 1)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(disagreeing()).isZero();
    }

    private void raiseEpoch(ColumnChange change) {
        try {
            registry.underLock(change.id(), locked -> {
                locked.save(locked.situation().voided(Side.NEW));
                return locked.situation();
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The whole way: record, refuse, seal's pass, and back to recording. */
    @Test
    void recordsThenRefusesThenRecordsAgainAndLosesNoWrite() throws Exception {
        ColumnChange change = customers(500);
        guard(change, Side.NEW, GuardMode.RECORDS);
        database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");
        guard(change, Side.NEW, GuardMode.REFUSES);
        assertThatThrownBy(() -> database.execute("UPDATE customer SET credit = '8.00' WHERE id = 2"))
                .rootCause()
                .hasMessageContaining("customer-cents");

        assertThat(pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(disagreeing()).isZero();
        assertThat(count("customer WHERE id = 2 AND credit = '0.02'")).isEqualTo(1);

        guard(change, Side.NEW, GuardMode.RECORDS);
        database.execute("UPDATE customer SET credit = '8.00' WHERE id = 2");
        assertThat(passes("n1").drain(change, () -> true)).isZero();
        assertThat(disagreeing()).isZero();
    }

    /** Old writers go on until the guard refuses; the pass after the barrier then finds no row that it may not seal. */
    @Test
    void writersOfOldAloneLoseNothingWhileRowsAreConverted() throws Exception {
        ColumnChange change = customers(300);
        guard(change, Side.NEW, GuardMode.RECORDS);
        passes("n1").open(change, Side.NEW, 0);
        AtomicInteger written = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Long>> writers = IntStream.range(0, 2)
                    .mapToObj(i -> threads.submit(() -> writeUntilRefused(i, written)))
                    .toList();
            while (written.get() < 400) {
                passes("n1").work(change, Side.NEW, 0, PACE, () -> true);
            }
            guard(change, Side.NEW, GuardMode.REFUSES);
            raiseEpoch(change);
            for (Future<Long> writer : writers) {
                assertThat(writer.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(new Barrier(database.dataSource(), dialect)
                        .await(change, false, Duration.ofMillis(10), () -> true, what -> {}))
                .isTrue();
        passes("n1").open(change, Side.NEW, 1);
        finish(change, Side.NEW, 1);

        assertThat(isComplete(change, Side.NEW, 1)).isTrue();
        assertThat(disagreeing()).isZero();
        assertThat(count("segue_dirty")).isZero();
    }

    /** @return how many writes went through before the first was refused */
    private long writeUntilRefused(int seed, AtomicInteger written) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = database.connect();
                PreparedStatement update = connection.prepareStatement("UPDATE customer SET credit = ? WHERE id = ?")) {
            for (long done = 0; ; done++) {
                update.setString(
                        1, BigDecimal.valueOf(random.nextInt(1_000_000), 2).toPlainString());
                update.setLong(2, 1 + random.nextInt(300));
                try {
                    update.executeUpdate();
                } catch (SQLException e) {
                    assertThat(e.getMessage()).contains("customer-cents");
                    return done;
                }
                written.incrementAndGet();
            }
        }
    }

    @Test
    void entriesGoWithTheColumn() throws Exception {
        ColumnChange change = customers(10);
        guard(change, Side.NEW, GuardMode.RECORDS);
        database.execute("UPDATE customer SET credit = '8.00' WHERE id = 2");
        registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.CONTRACT, Progress.APPLYING));
            return 0;
        });

        assertThat(passes("n1").drain(change, () -> true)).isZero();
        assertThat(count("customer WHERE id = 2 AND cents IS NULL")).isEqualTo(1);
    }
}

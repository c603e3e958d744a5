package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.fleet.Operator;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.Barrier;
import dev.segue.schema.GuardMode;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the guard has recorded is converted, and nothing of it is lost. */
@EachDatabase
class RecordedRowsTest {

    private final Credits credits;

    RecordedRowsTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    @Test
    void aRecordedWriteIsDrained() throws Exception {
        ColumnChange change = credits.customers(100);
        credits.pass(change, Side.NEW, 0);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute(
                "UPDATE customer SET credit = '7.00' WHERE id = 1",
                "UPDATE customer SET credit = '8.00' WHERE id = 1",
                "INSERT INTO customer (id, credit) VALUES (5000, '9.00')",
                "INSERT INTO customer (id, credit) VALUES (5001, '9.00')",
                "DELETE FROM customer WHERE id = 5001");
        assertThat(credits.isComplete(change, Side.NEW, 0)).as("rows are dirty").isFalse();
        assertThat(credits.progress(change, Side.NEW, 0).dirty()).isEqualTo(4);
        assertThat(credits.progress(change, Side.NEW, 0).finished()).isFalse();
        assertThat(credits.progress(change, Side.NEW, 0).waitingFor()).contains("4 row(s) that the guard has recorded");

        assertThat(credits.passes("n1").drain(change, () -> true)).isZero();

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.count("segue_dirty")).isZero();
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(credits.passes("n1").work(change, Side.NEW, 0, Credits.PACE, () -> true))
                .isEqualTo(Outcome.FINISHED_ALL);
    }

    /** A key has the text of the zone or of the precision of whoever has recorded it. */
    @Test
    void aRecordedRowThatDoesNotComeBackIsKeptWhateverTheTextOfItsKey() throws Exception {
        boolean postgres = credits.engine == Engine.POSTGRESQL;
        credits.database.execute(
                "CREATE TABLE customer (id bigint, at " + (postgres ? "timestamptz" : "timestamp(3)")
                        + ", credit varchar(40), cents varchar(40), PRIMARY KEY (id, at))",
                "INSERT INTO customer VALUES (1, '2026-01-02 03:04:05.120" + (postgres ? "+00" : "")
                        + "', 'Ada', NULL)");
        String type = postgres ? "timestamp with time zone" : "timestamp(3)";
        ColumnChange change = new ColumnChange(
                "customer-cents",
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(new Column("id", "bigint", false), new Column("at", type, false)),
                        List.of(new Column("credit", "varchar(40)", false)),
                        List.of(new Column("cents", "varchar(40)", false)),
                        SqlForm.of("lower({credit})", "{cents}"))));
        credits.registry.declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.SQL);
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return locked.situation();
        });
        String at = postgres
                ? "2026-01-02 12:04:05.12+09"
                : credits.database.value(
                        "SELECT CAST(TIMESTAMPADD(MICROSECOND, UNIX_TIMESTAMP(at) * 1000000, '1970-01-01') AS CHAR)"
                                + " FROM customer",
                        String.class);
        String key = new Key(List.of("1", at)).encoded();
        credits.database.execute(
                "INSERT INTO segue_dirty (change_id, site, row_key, writer, written_at) VALUES ('customer-cents', 'customer', '"
                        + key + "', 'somebody', CURRENT_TIMESTAMP)");

        assertThat(credits.passes("n1").drain(change, () -> true)).isEqualTo(1);

        assertThat(credits.count("segue_dirty WHERE reason IS NOT NULL")).isEqualTo(1);
    }

    @Test
    void aRecordedWriteWaitsWhileAnOperatorHasPausedTheWork() throws Exception {
        ColumnChange change = credits.customers(100);
        credits.pass(change, Side.NEW, 0);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");
        Operator operator = new Operator(credits.registry);
        operator.pause(change.id(), "ada");

        assertThat(credits.passes("n1").drain(change, () -> true)).isEqualTo(1);
        assertThat(credits.disagreeing()).isEqualTo(1);

        operator.resume(change.id(), "ada");
        assertThat(credits.passes("n1").drain(change, () -> true)).isZero();
        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void aPassDrainsByItselfAndIsNotSeenByTheGuard() throws Exception {
        ColumnChange change = credits.customers(300);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.guard(change, Side.OLD, GuardMode.REFUSES);
        credits.database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.count("segue_dirty")).isZero();
        assertThat(credits.count("segue_guard_hit")).as("the write by hand").isEqualTo(1);
    }

    @Test
    void aWriteAgainstTheOnlySealedSideIsNotCarriedOver() throws Exception {
        ColumnChange change = credits.customers(10);
        credits.pass(change, Side.NEW, 0);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");
        credits.onlyNewIsSealed(change);

        assertThat(credits.passes("n1").drain(change, () -> true)).isZero();

        assertThat(credits.count("customer WHERE id = 1 AND cents = 1")).isEqualTo(1);
        assertThat(credits.count("segue_dirty")).isZero();
    }

    @Test
    void lockedDirtyRowsAreKeptForLater() throws Exception {
        ColumnChange change = credits.customers(10);
        credits.pass(change, Side.NEW, 0);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute("UPDATE customer SET credit = '7.00' WHERE id IN (1, 2)");
        try (Connection other = credits.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id = 1");

            assertThat(credits.passes("n1").drain(change, () -> true)).isEqualTo(1);
            assertThat(credits.isComplete(change, Side.NEW, 0)).isFalse();
            other.commit();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> credits.passes("n1").drain(change, () -> true) == 0);
        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void keysOfTextAndOfSeveralColumnsAreFoundAgain() throws Exception {
        String collated = credits.engine == Engine.POSTGRESQL ? "varchar(20)" : "varchar(20) CHARACTER SET latin1";
        credits.database.execute("CREATE TABLE customer (region int, code " + collated
                + ", at " + (credits.engine == Engine.POSTGRESQL ? "timestamptz" : "timestamp(6)")
                + ", credit varchar(40), cents bigint, PRIMARY KEY (region, code, at))");
        ColumnChange change = new ColumnChange(
                "customer-cents",
                Kind.REPLACE,
                List.of(new Site(
                        TableName.of("customer"),
                        List.of(
                                new Column("region", credits.engine == Engine.POSTGRESQL ? "integer" : "int", true),
                                new Column("code", collated, true),
                                new Column(
                                        "at",
                                        credits.engine == Engine.POSTGRESQL
                                                ? "timestamp with time zone"
                                                : "timestamp(6)",
                                        true)),
                        List.of(new Column("credit", "varchar(40)", false)),
                        List.of(new Column("cents", "bigint", false)),
                        Credits.CENTS)));
        credits.registry.declare(change.id(), change.definition(), Kind.REPLACE, Guard.Form.JAVA);
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.EXPAND, Progress.DONE));
            return 0;
        });
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        String zone = credits.engine == Engine.POSTGRESQL ? "SET TIME ZONE 'Asia/Tokyo'" : "SET time_zone = '+09:00'";
        credits.database.execute(
                zone,
                "INSERT INTO customer (region, code, at, credit) VALUES (1, 'a,%ä', '2026-10-25 02:30:00.000001', '1.00'), (2, '', '2026-01-01 00:00:00', '2.00')");

        assertThat(credits.passes("n1").drain(change, () -> true)).isZero();
        assertThat(credits.disagreeing()).isZero();

        credits.database.execute(
                "DELETE FROM segue_dirty", "UPDATE customer SET credit = '5.00'", "DELETE FROM segue_dirty");
        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(credits.disagreeing()).isZero();
    }

    /** The whole way: record, refuse, seal's pass, and back to recording. */
    @Test
    void recordsThenRefusesThenRecordsAgainAndLosesNoWrite() throws Exception {
        ColumnChange change = credits.customers(500);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute("UPDATE customer SET credit = '7.00' WHERE id = 1");
        credits.guard(change, Side.NEW, GuardMode.REFUSES);
        assertThatThrownBy(() -> credits.database.execute("UPDATE customer SET credit = '8.00' WHERE id = 2"))
                .rootCause()
                .hasMessageContaining("customer-cents");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.count("customer WHERE id = 2 AND credit = '0.02'")).isEqualTo(1);

        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute("UPDATE customer SET credit = '8.00' WHERE id = 2");
        assertThat(credits.passes("n1").drain(change, () -> true)).isZero();
        assertThat(credits.disagreeing()).isZero();
    }

    /** Old writers go on until the guard refuses; the pass after the barrier then finds no row that it may not seal. */
    @Test
    void writersOfOldAloneLoseNothingWhileRowsAreConverted() throws Exception {
        ColumnChange change = credits.customers(300);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.passes("n1").open(change, Side.NEW, 0);
        AtomicInteger written = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Long>> writers = IntStream.range(0, 2)
                    .mapToObj(i -> threads.submit(() -> writeUntilRefused(i, written)))
                    .toList();
            while (written.get() < 400 && writers.stream().noneMatch(Future::isDone)) {
                credits.passes("n1").work(change, Side.NEW, 0, Credits.PACE, () -> true);
            }
            credits.guard(change, Side.NEW, GuardMode.REFUSES);
            credits.raiseEpoch(change);
            for (Future<Long> writer : writers) {
                assertThat(writer.get(60, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(new Barrier(credits.database.dataSource(), credits.dialect)
                        .await(change, false, Duration.ofMillis(10), () -> true, what -> {}))
                .isTrue();
        credits.passes("n1").open(change, Side.NEW, 1);
        credits.finish(change, Side.NEW, 1);

        assertThat(credits.isComplete(change, Side.NEW, 1)).isTrue();
        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.count("segue_dirty")).isZero();
    }

    /** @return how many writes went through before the first was refused */
    private long writeUntilRefused(int seed, AtomicInteger written) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = credits.database.connect();
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
        ColumnChange change = credits.customers(10);
        credits.guard(change, Side.NEW, GuardMode.RECORDS);
        credits.database.execute("UPDATE customer SET credit = '8.00' WHERE id = 2");
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().stage(Stage.CONTRACT, Progress.APPLYING));
            return 0;
        });

        assertThat(credits.passes("n1").drain(change, () -> true)).isZero();
        assertThat(credits.count("customer WHERE id = 2 AND cents IS NULL")).isEqualTo(1);
    }
}

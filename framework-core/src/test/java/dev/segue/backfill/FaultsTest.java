package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.backfill.Faulty.Fault;
import dev.segue.change.ColumnChange;
import dev.segue.change.Form;
import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Side;
import dev.segue.schema.GuardMode;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What happens to a worker, its connection or the rows in the middle of a pass: in the end the table is right, and no row
 * has been counted twice.
 */
@EachDatabase
class FaultsTest {

    private static final int ROWS = 600;
    private static final int WRITERS = 8;
    private static final Duration SHORT_CLAIM = Duration.ofMillis(300);

    private final Credits credits;

    FaultsTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    private SqlForm inSql() {
        return credits.engine == Engine.POSTGRESQL
                ? SqlForm.of(
                        "CAST(CAST({old} AS numeric) * 100 AS bigint)",
                        "CAST(CAST({new} / 100.0 AS numeric(12,2)) AS text)")
                : SqlForm.of(
                        "CAST(CAST({old} AS DECIMAL(12,2)) * 100 AS SIGNED)",
                        "CAST(CAST({new} / 100 AS DECIMAL(12,2)) AS CHAR)");
    }

    private Stream<DynamicTest> withEachForm(String name, Trial trial) {
        return Stream.of(inSql(), Credits.CENTS)
                .map(form -> DynamicTest.dynamicTest(
                        name + ", " + (form instanceof SqlForm ? "in SQL" : "in Java"), () -> trial.with(anew(form))));
    }

    private interface Trial {
        void with(ColumnChange change) throws Exception;
    }

    private ColumnChange anew(Form form) throws SQLException {
        credits.database.execute(
                "DROP TABLE IF EXISTS customer, amount", "DELETE FROM segue_range", "DELETE FROM segue_dirty");
        return credits.customers(ROWS, form);
    }

    @TestFactory
    Stream<DynamicTest> ofAConnectionOrAStatement() {
        return Stream.of(Fault.values())
                .flatMap(fault -> withEachForm(fault.name(), change -> {
                    Faulty faulty = new Faulty(credits.database.dataSource(), credits.dialect, fault, 2);
                    Passes struck =
                            new Passes(faulty.dataSource(), credits.dialect, credits.registry, "struck", SHORT_CLAIM);
                    credits.passes("n1").open(change, Side.NEW, 0);

                    if (fault.isCut()) {
                        assertThatThrownBy(() -> struck.work(change, Side.NEW, 0, Credits.PACE, () -> true))
                                .isInstanceOf(SQLException.class);
                        assertThat(credits.disagreeing()).isPositive();
                    } else {
                        struck.work(change, Side.NEW, 0, Credits.PACE, () -> true);
                    }

                    assertThat(faulty.hasHappened()).isTrue();
                    isRightInTheEnd(change);
                }));
    }

    private void isRightInTheEnd(ColumnChange change) throws SQLException {
        credits.finish(change, Side.NEW, 0);
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(ROWS);
        assertThat(credits.database.value("SELECT sum(rows_repaired) FROM segue_range", Long.class))
                .isEqualTo(ROWS);
    }

    /** In the middle of the pass. */
    private Outcome pass(ColumnChange change, Duration claim, Runnable meanwhile) throws SQLException {
        credits.passes("n1").open(change, Side.NEW, 0);
        AtomicInteger asked = new AtomicInteger();
        return new Passes(credits.database.dataSource(), credits.dialect, credits.registry, "slow", claim)
                .work(change, Side.NEW, 0, Credits.PACE, () -> {
                    if (asked.incrementAndGet() == 4) {
                        meanwhile.run();
                    }
                    return true;
                });
    }

    @TestFactory
    Stream<DynamicTest> ofAWorkerThatStandsStillUntilItsRangeIsAnothersAndDone() {
        return withEachForm("stands still", change -> {
            pass(change, SHORT_CLAIM, () -> credits.finish(change, Side.NEW, 0));

            assertThat(credits.count("segue_range WHERE claimed_by = 'n1'")).isPositive();
            isRightInTheEnd(change);
        });
    }

    @TestFactory
    Stream<DynamicTest> ofRowsThatComeAndGo() {
        return withEachForm("rows come and go", change -> {
            pass(
                    change,
                    Duration.ofSeconds(5),
                    () -> credits.database.execute(
                            // Behind the cursor, before it, above the last key; writers of now write both sides.
                            "DELETE FROM customer WHERE id IN (1, 2, 590, 600)",
                            "INSERT INTO customer VALUES (-5, '1.00', 100, 7), (5000, '2.00', 200, 7)",
                            "UPDATE customer SET id = 6000, credit = '3.00', cents = 300 WHERE id = 580",
                            "UPDATE customer SET id = -580, credit = '3.00', cents = 300 WHERE id = 581"));

            credits.finish(change, Side.NEW, 0);
            assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
            assertThat(credits.disagreeing()).isZero();
            assertThat(credits.count("customer")).isEqualTo(ROWS - 2);
        });
    }

    @TestFactory
    Stream<DynamicTest> ofRowsThatGetAKeyBehindTheCursor() {
        return withEachForm("keys change", change -> {
            credits.guard(change, Side.NEW, change.isSql() ? GuardMode.FILLS : GuardMode.RECORDS);

            pass(
                    change,
                    Duration.ofSeconds(5),
                    () -> credits.database.execute("UPDATE customer SET id = -id WHERE id > 550"));

            credits.finish(change, Side.NEW, 0);
            assertThat(credits.count("customer WHERE id < 0")).isEqualTo(50);
            assertThat(credits.disagreeing()).isZero();
        });
    }

    /**
     * Each application thread locks its own rows from the highest key down, and a batch goes up: all that is needed for
     * deadlocks, if the batch waited.
     */
    @TestFactory
    Stream<DynamicTest> theApplicationNeverLosesADeadlockToAPass() {
        return withEachForm(
                "rows are locked from the highest key down",
                change -> losesNone(change, "UPDATE customer SET cents = NULL WHERE id = ?"));
    }

    /** Each thread locks what its rows lead to first, and a batch the rows. */
    @TestFactory
    Stream<DynamicTest> theApplicationNeverLosesADeadlockOverAForeignKeyToAPass() {
        return withEachForm("rows are locked by way of a foreign key", change -> {
            amounts();
            losesNone(
                    change,
                    "UPDATE amount SET uses = uses + 1 WHERE cents = ?",
                    "UPDATE customer SET cents = NULL WHERE id = ?");
        });
    }

    private void losesNone(ColumnChange change, String... writes) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<Future<Integer>> applications = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int own = i;
                applications.add(threads.submit(() -> write(own, enough, writes)));
            }
            long epoch =
                    credits.registry.read(change.id()).orElseThrow().situation().epoch();
            long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < until) {
                credits.passes("n1").open(change, Side.NEW, epoch);
                credits.passes("n1").work(change, Side.NEW, epoch, Pace.DEFAULT, () -> true);
                credits.raiseEpoch(change);
                epoch++;
            }
            enough.set(true);
            for (Future<Integer> application : applications) {
                assertThat(application.get(60, TimeUnit.SECONDS))
                        .as("transactions")
                        .isPositive();
            }
            credits.passes("n1").open(change, Side.NEW, epoch);
            credits.finish(change, Side.NEW, epoch);
        } finally {
            threads.shutdownNow();
        }
        assertThat(credits.disagreeing()).isZero();
    }

    /** @return how many transactions, of which none has failed */
    private int write(int own, AtomicBoolean enough, String... writes) throws SQLException {
        try (Connection connection = credits.database.connect()) {
            connection.setAutoCommit(false);
            int transactions = 0;
            while (!enough.get()) {
                for (int id = ROWS - own; id > 0; id -= 150) {
                    for (String each : writes) {
                        try (PreparedStatement write = connection.prepareStatement(each)) {
                            write.setLong(1, id);
                            write.executeUpdate();
                        }
                    }
                }
                connection.commit();
                transactions++;
            }
            return transactions;
        }
    }

    @Test
    void whoWritesRowsForLongIsNamed() throws Exception {
        isNamed("UPDATE customer SET version = 8 WHERE id IN (5, 500)");
    }

    @Test
    void whoOnlyLocksRowsForLongIsNamed() throws Exception {
        isNamed("SELECT id FROM customer WHERE id IN (5, 500) FOR UPDATE");
    }

    private void isNamed(String locking) throws Exception {
        ColumnChange change = anew(inSql());
        try (Connection other = credits.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(locking);

            assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(credits.progress(change, Side.NEW, 0).waitingFor())
                    .contains("customer that other transactions have locked")
                    .contains("of user '" + credits.database.username() + "'");
            other.rollback();
        }
        isRightInTheEnd(change);
    }

    @TestFactory
    Stream<DynamicTest> ofRowsThatLeadToOnesThatOthersHaveLocked() {
        return withEachForm("a foreign key leads to a locked row", change -> {
            amounts();
            try (Connection other = credits.database.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                // PostgreSQL lets one refer to a row of which somebody changes what is not its key.
                statement.executeUpdate(
                        (credits.engine == Engine.POSTGRESQL ? "DELETE FROM amount" : "UPDATE amount SET uses = 1")
                                + " WHERE cents IN (5, 500)");

                assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.NOTHING_TO_CLAIM);

                assertThat(credits.disagreeing()).isEqualTo(2);
                assertThat(credits.progress(change, Side.NEW, 0).waitingFor())
                        .contains("1 row(s) of customer that other transactions have locked");
                other.rollback();
            }
            isRightInTheEnd(change);
        });
    }

    /** Each of the cents leads to a row of another table. */
    private void amounts() {
        credits.database.execute(
                "CREATE TABLE amount (cents bigint PRIMARY KEY, uses int)",
                "INSERT INTO amount SELECT id, 0 FROM customer",
                "ALTER TABLE customer ADD CONSTRAINT fk_amount FOREIGN KEY (cents) REFERENCES amount (cents)");
    }
}

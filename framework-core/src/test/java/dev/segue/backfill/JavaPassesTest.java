package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pass by a conversion that exists only in Java converts every row, whoever works at it and whatever comes in between. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class JavaPassesTest {

    private final Credits credits;

    JavaPassesTest(Engine engine) {
        this.credits = new Credits(engine);
    }

    @AfterEach
    void drop() {
        credits.close();
    }

    @Test
    void everyRowIsConvertedAndNothingElseIsTouched() throws SQLException {
        ColumnChange change = credits.customers(2_000);
        credits.database.execute("UPDATE customer SET credit = NULL WHERE id = 7");
        if (credits.engine == Engine.MYSQL) {
            credits.database.execute(
                    "ALTER TABLE customer ADD COLUMN changed timestamp(6) NOT NULL DEFAULT '2020-01-01 00:00:00'"
                            + " ON UPDATE CURRENT_TIMESTAMP(6)");
        }

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.disagreeing()).as("the one that is NULL").isEqualTo(1);
        assertThat(credits.count("customer WHERE version <> 7")).isZero();
        if (credits.engine == Engine.MYSQL) {
            assertThat(credits.count("customer WHERE changed <> '2020-01-01 00:00:00'"))
                    .isZero();
        }
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(2_000);
        assertThat(credits.database.value("SELECT sum(rows_repaired) FROM segue_range", Long.class))
                .isEqualTo(1_999);
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
    }

    @Test
    void onlyRowsThatDifferAreWritten() throws SQLException {
        ColumnChange change = credits.customers(1_000);
        credits.pass(change, Side.NEW, 0);
        credits.database.execute("UPDATE customer SET credit = '5.00' WHERE id IN (3, 900)");
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().voided(Side.NEW));
            return 0;
        });

        assertThat(credits.pass(change, Side.NEW, 1)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.database.value("SELECT sum(rows_repaired) FROM segue_range WHERE epoch = 1", Long.class))
                .isEqualTo(2);
    }

    @Test
    void theWayBackKeepsAnOldValueThatAlreadyConverts() throws Exception {
        ColumnChange change = credits.customers(100, new JavaForm(Credits.TO_CENTS, Credits.TO_EUROS, true));
        credits.database.execute("UPDATE customer SET credit = '7.5' WHERE id = 50");
        credits.pass(change, Side.NEW, 0);
        long epoch = credits.onlyNewIsSealed(change);
        credits.database.execute(
                "UPDATE customer SET cents = 4200 WHERE id <= 10",
                "UPDATE customer SET credit = 'nonsense' WHERE id = 20",
                "UPDATE customer SET credit = NULL WHERE id = 21");

        assertThat(credits.pass(change, Side.OLD, epoch)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.count("customer WHERE credit = '42.00'")).isEqualTo(10);
        assertThat(credits.count("customer WHERE id IN (20, 21) AND credit IN ('0.20', '0.21')"))
                .isEqualTo(2);
        assertThat(credits.count("customer WHERE id = 50 AND credit = '7.5'"))
                .as("it converts to what NEW holds")
                .isEqualTo(1);
        assertThat(credits.database.value("SELECT sum(rows_repaired) FROM segue_range WHERE side = 'OLD'", Long.class))
                .isEqualTo(12);
    }

    /** A worker from which the server hears nothing for long is ended, and would never get through. */
    @Test
    void aConversionThatTakesLongIsCommittedInParts() throws Exception {
        int last = 24;
        credits.database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, credit bigint, cents bigint)");
        for (int id = 1; id <= last; id++) {
            credits.database.execute("INSERT INTO customer (id, credit) VALUES (" + id + ", " + id + ")");
        }
        AtomicLong before = new AtomicLong(-1);
        ColumnChange change = credits.change(
                JavaForm.lossless(
                        values -> {
                            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                            if (Long.valueOf(last).equals(values.get(0))) {
                                before.set(credits.count("customer WHERE cents IS NOT NULL"));
                            }
                            return values;
                        },
                        values -> values),
                "bigint",
                "bigint");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(before.get())
                .as("committed before the last one was converted")
                .isPositive();
        assertThat(credits.count("customer WHERE cents = credit")).isEqualTo(last);
    }

    @Test
    void comparesBytes() throws Exception {
        credits.database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, credit varchar(40), cents varchar(40))");
        credits.database.execute(
                "INSERT INTO customer VALUES (1, 'a', 'A'), (2, 'a', 'a '), (3, 'a ', 'a'), (4, 'e', 'é'), (5, 'x', 'x')");
        ColumnChange change =
                credits.change(JavaForm.lossless(values -> values, values -> values), "varchar(40)", "varchar(40)");

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.database.value("SELECT sum(rows_repaired) FROM segue_range", Long.class))
                .isEqualTo(4);
        assertThat(credits.database.rows("SELECT credit, cents FROM customer ORDER BY id"))
                .allSatisfy(row -> assertThat(row.values()).satisfies(values -> {
                    List<@Nullable Object> both = List.copyOf(values);
                    assertThat(both.get(1)).isEqualTo(both.get(0));
                }));
    }

    @Test
    void lockedRowsAreNamedAndTriedAgainWithoutWaitingForThem() throws SQLException {
        ColumnChange change = credits.customers(2_000);
        credits.passes("n1").open(change, Side.NEW, 0);
        try (Connection other = credits.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id IN (5, 1500)");

            assertThat(credits.passes("n1").work(change, Side.NEW, 0, Credits.PACE, () -> true))
                    .isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(credits.disagreeing()).isEqualTo(2);
            assertThat(credits.isComplete(change, Side.NEW, 0)).isFalse();
            assertThat(credits.progress(change, Side.NEW, 0).waitingFor()).contains("locked");
            other.commit();
        }
        credits.finish(change, Side.NEW, 0);
        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void rowsThatAgreeAreNotLocked() throws Exception {
        ColumnChange change = credits.customers(100);
        credits.pass(change, Side.NEW, 0);
        credits.registry.underLock(change.id(), locked -> {
            locked.save(locked.situation().voided(Side.NEW));
            return 0;
        });
        try (Connection other = credits.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8");

            assertThat(credits.pass(change, Side.NEW, 1)).isEqualTo(Outcome.FINISHED_ALL);
        }
    }

    @Test
    void aWriteBetweenReadingAndLockingIsConverted() throws Exception {
        // The second value is written while the first one is being converted.
        AtomicInteger conversions = new AtomicInteger();
        ColumnChange change = credits.customers(
                1,
                JavaForm.lossless(
                        values -> {
                            if (conversions.getAndIncrement() == 0) {
                                credits.database.execute("UPDATE customer SET credit = '9.00'");
                            }
                            return Credits.TO_CENTS.convert(values);
                        },
                        Credits.TO_EUROS));

        assertThat(credits.pass(change, Side.NEW, 0)).isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.count("customer WHERE cents = 900")).isEqualTo(1);
    }

    @Test
    void severalWorkersShareTheRowsAndNoneIsReadTwice() throws Exception {
        int rows = 60_000;
        ColumnChange change = credits.customers(rows);
        credits.analyze();
        credits.passes("n1").open(change, Side.NEW, 0);
        Set<Thread> workers = ConcurrentHashMap.newKeySet();

        assertThat(credits.passes("n1").work(change, Side.NEW, 0, Pace.DEFAULT.withWorkers(3), () -> {
                    workers.add(Thread.currentThread());
                    return true;
                }))
                .isEqualTo(Outcome.FINISHED_ALL);

        assertThat(workers).hasSize(3);
        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
    }

    /** Nearly all rows are in a hundredth of the numbers, which is cut evenly: what is crowded is one worker's at first. */
    @Test
    void severalWorkersShareTheCrowdedPartOfTheKeys() throws SQLException {
        int rows = 20_000;
        int apart = 200;
        ColumnChange change = credits.customers(rows);
        credits.database.execute("UPDATE customer SET id = (id - " + (rows - apart) + ") * 10000 + " + rows
                + " WHERE id > " + (rows - apart));
        credits.analyze();
        credits.passes("n1").open(change, Side.NEW, 0);
        Hands hands = new Hands(1);
        Pace pace = new Pace(Duration.ofMillis(20), 100, 100, 4_000).withWorkers(3);

        assertThat(credits.passes(hands).work(change, Side.NEW, 0, pace, () -> true))
                .isEqualTo(Outcome.FINISHED_ALL);

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
        assertThat(credits.count("segue_range WHERE rows_read > " + apart))
                .as("ranges with more rows than there are elsewhere")
                .isGreaterThan(1);
        assertThat(hands.withMoreThan(20))
                .as("workers with more batches than there are elsewhere")
                .isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    void aTableOfPartitionsIsWalkedByItsKeysWhereverTheyLie(Partitions partitions) throws SQLException {
        int rows = 30_000;
        ColumnChange change = credits.customers(rows, partitions);
        credits.passes("n1").open(change, Side.NEW, 0);
        assertThat(credits.count("segue_range"))
                .as("the rows of all partitions count")
                .isGreaterThan(1);
        Hands hands = new Hands(2);
        try (Connection other = credits.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id IN (5, 20001)");

            assertThat(credits.passes(hands).work(change, Side.NEW, 0, Credits.PACE, () -> true))
                    .isEqualTo(Outcome.NOTHING_TO_CLAIM);

            assertThat(credits.disagreeing()).isEqualTo(2);
            other.rollback();
        }
        credits.finish(change, Side.NEW, 0);

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
        assertThat(credits.database.value("SELECT sum(rows_read) FROM segue_range", Long.class))
                .isEqualTo(rows);
    }

    @Test
    void nothingIsRepairedAfterTheEpochHasGoneUp() throws SQLException {
        ColumnChange change = credits.customers(2_000);
        credits.passes("n1").open(change, Side.NEW, 0);
        AtomicInteger asked = new AtomicInteger();
        Outcome outcome = credits.passes("n1").work(change, Side.NEW, 0, Credits.PACE, () -> {
            if (asked.incrementAndGet() == 4) {
                credits.raiseEpoch(change);
            }
            return true;
        });

        assertThat(outcome).isEqualTo(Outcome.VOID);
        long left = credits.disagreeing();
        assertThat(left).isBetween(1L, 1_999L);
        assertThat(credits.passes("n1").work(change, Side.NEW, 0, Credits.PACE, () -> true))
                .isEqualTo(Outcome.VOID);
        assertThat(credits.disagreeing()).isEqualTo(left);
        assertThat(credits.pass(change, Side.NEW, 1)).isEqualTo(Outcome.FINISHED_ALL);
        assertThat(credits.disagreeing()).isZero();
    }

    @Test
    void withoutAGuardARowThatMovesBehindTheCursorIsFoundInTheEnd() throws Exception {
        ColumnChange change = credits.customers(1_000);
        credits.database.execute("UPDATE segue_change SET guard_form = 'NONE'");
        credits.passes("n1").open(change, Side.NEW, 0);
        AtomicInteger asked = new AtomicInteger();
        credits.passes("n1").work(change, Side.NEW, 0, Credits.PACE, () -> {
            if (asked.incrementAndGet() == 4) {
                credits.database.execute("UPDATE customer SET id = -id WHERE id > 900");
            }
            return true;
        });
        assertThat(credits.isComplete(change, Side.NEW, 0)).isFalse();

        credits.finish(change, Side.NEW, 0);

        assertThat(credits.disagreeing()).isZero();
        assertThat(credits.isComplete(change, Side.NEW, 0)).isTrue();
    }
}

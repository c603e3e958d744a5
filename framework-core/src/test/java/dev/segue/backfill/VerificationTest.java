package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.backfill.VerificationStatus.State;
import dev.segue.change.ColumnChange;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.WorkLock;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever differs under two seals is found, believed only when it is certain, and never repaired unasked. */
@EachDatabase
class VerificationTest {

    private final Customers customers;

    VerificationTest(Engine engine) {
        this.customers = new Customers(engine);
    }

    @AfterEach
    void drop() {
        customers.close();
    }

    private Verification verification() {
        return new Verification(customers.database.dataSource(), customers.dialect, customers.registry, "n1");
    }

    private VerificationStatus run(ColumnChange change) throws SQLException {
        return verification().run(change, Customers.PACE, () -> true).orElseThrow();
    }

    private void occupy(String node, Phase phase) {
        try {
            customers.registry.underLock(Customers.ID, locked -> {
                locked.register(new NodeIdentity(node, "shop", "1"), 1, phase, phase, false, Duration.ofMinutes(5));
                locked.save(
                        locked.situation().occupied(new Participant(node, "shop", phase, Phases.NONE, phase), phase));
                return locked.situation();
            });
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean sealed(Side side) throws SQLException {
        return customers.registry.situation(Customers.ID).sealed(side);
    }

    @Test
    void aTableThatAgreesIsFoundClean() throws SQLException {
        ColumnChange change = customers.sealed(2_000);

        VerificationStatus status = run(change);

        assertThat(status.state()).isEqualTo(State.CLEAN);
        assertThat(status.rowsCompared()).isEqualTo(2_000);
        assertThat(status.mismatches()).isZero();
        assertThat(status.finishedAgo()).isNotNull();
        assertThat(verification().status(Customers.ID).orElseThrow().held()).isEmpty();
        assertThat(verification().status(Customers.ID))
                .hasValueSatisfying(seen -> assertThat(seen.state()).isEqualTo(State.CLEAN));
    }

    @Test
    void aMismatchUnsealsTheSideThatNobodyReadsAndIsNotRepaired() throws SQLException {
        ColumnChange change = customers.sealed(2_000);
        occupy("n1", Phase.SHADOW_READ);
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id IN (1500, 1501)");

        VerificationStatus status = run(change);

        assertThat(status.state()).isEqualTo(State.MISMATCH);
        assertThat(status.listed()).containsExactly("customer 1500", "customer 1501");
        assertThat(status.finishedAgo()).as("it has not seen every row").isNull();
        assertThat(sealed(Side.NEW)).isFalse();
        assertThat(sealed(Side.OLD)).isTrue();
        assertThat(customers.disagreeing()).isEqualTo(2);
        assertThat(customers.count("segue_journal WHERE what = 'mismatch' AND from_value = 'NEW'"))
                .isEqualTo(1);
        assertThat(verification().run(change, Customers.PACE, () -> true))
                .as("there is nothing to compare with")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfPartitionsThatDisagreeAreFoundAndRepairedByCommand(Partitions partitions) throws SQLException {
        ColumnChange change = customers.sealed(3_000, partitions);
        assertThat(run(change).rowsCompared()).isEqualTo(3_000);
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id IN (7, 8)");

        assertThat(run(change).listed()).containsExactlyInAnyOrder("customer 7", "customer 8");

        assertThat(verification().repair(change, Side.NEW, "ada")).isZero();
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void theOldSideIsUnsealedWhenEverybodyReadsTheNewOne() throws SQLException {
        ColumnChange change = customers.sealed(100);
        occupy("n1", Phase.READ_NEW);
        customers.database.execute("UPDATE customer SET name = 'odd' WHERE id = 7");

        assertThat(run(change).state()).isEqualTo(State.MISMATCH);

        assertThat(sealed(Side.OLD)).isFalse();
        assertThat(sealed(Side.NEW)).isTrue();
    }

    @Test
    void ifBothSidesAreReadNeitherIsUnsealedAndMovesAreHeldUntilTheRepairIsCommanded() throws SQLException {
        ColumnChange change = customers.sealed(1_000);
        occupy("n1", Phase.DUAL_WRITE);
        occupy("n2", Phase.READ_NEW);
        long epoch = customers.registry.situation(Customers.ID).epoch();
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id > 700 AND id <= 950");

        VerificationStatus status = run(change);

        assertThat(status.state()).isEqualTo(State.MISMATCH);
        assertThat(status.mismatches()).isEqualTo(250);
        assertThat(status.listed()).hasSize(100).startsWith("customer 701");
        assertThat(sealed(Side.NEW) && sealed(Side.OLD)).isTrue();
        assertThat(customers.registry.situation(Customers.ID).epoch()).isEqualTo(epoch);
        assertThat(verification().status(Customers.ID).orElseThrow().held())
                .singleElement()
                .extracting(Held::message)
                .asString()
                .contains("customer 701")
                .doesNotContain("odd");

        assertThat(verification().repair(change, Side.NEW, "ada")).isZero();

        assertThat(customers.disagreeing()).isEqualTo(150);
        assertThat(customers.count("customer WHERE name = 'odd'")).isZero();
        assertThat(verification().status(Customers.ID).orElseThrow().held()).isEmpty();
        assertThat(run(change).mismatches()).as("those that were not listed").isEqualTo(150);
    }

    @Test
    void aSideIsRepairedOnlyFromOneThatIsProven() throws SQLException {
        ColumnChange change = customers.sealed(10);
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id = 1");
        run(change);

        assertThatThrownBy(() -> verification().repair(change, Side.OLD, "ada"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("NEW is not sealed");

        assertThat(verification().repair(change, Side.NEW, "ada")).isZero();
        assertThat(customers.disagreeing()).isZero();
    }

    @Test
    void aRowThatIsBeingWrittenIsNotBelievedBeforeItsWriterIsDone() throws Exception {
        ColumnChange change = customers.sealed(500);
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id = 250");
        AtomicBoolean healed = new AtomicBoolean();
        try (Connection other = customers.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET full_name = name WHERE id = 250");
            AtomicInteger asked = new AtomicInteger();
            VerificationStatus status = verification()
                    .run(change, Customers.PACE, () -> {
                        if (asked.incrementAndGet() == 8) {
                            commit(other);
                            healed.set(true);
                        }
                        return true;
                    })
                    .orElseThrow();
            assertThat(healed).isTrue();
            assertThat(status.state()).isEqualTo(State.CLEAN);
        }
        assertThat(sealed(Side.NEW)).isTrue();
    }

    @Test
    void aRowThatStaysLockedLeavesTheResultUncertain() throws Exception {
        ColumnChange change = customers.sealed(500);
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id = 250");
        try (Connection other = customers.database.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET version = 8 WHERE id = 250");

            VerificationStatus status = run(change);

            assertThat(status.state()).isEqualTo(State.UNCERTAIN);
            assertThat(status.rowsLocked()).isEqualTo(1);
            assertThat(status.rowsCompared()).isEqualTo(500);
            assertThat(sealed(Side.NEW)).isTrue();
        }
        assertThat(run(change).state()).isEqualTo(State.MISMATCH);
    }

    @Test
    void whatIsFoundAfterTheEpochHasGoneUpSaysNothing() throws SQLException {
        ColumnChange change = customers.sealed(2_000);
        AtomicInteger asked = new AtomicInteger();

        VerificationStatus status = verification()
                .run(change, Customers.PACE, () -> {
                    if (asked.incrementAndGet() == 4) {
                        // A node goes to new-only, and then writes no old side any more.
                        customers.become(s -> s.voided(Side.OLD));
                        customers.database.execute("UPDATE customer SET full_name = 'by a new node' WHERE id = 1999");
                    }
                    return true;
                })
                .orElseThrow();

        assertThat(status.state()).isEqualTo(State.VOID);
        assertThat(status.listed()).isEmpty();
        assertThat(sealed(Side.NEW)).isTrue();
        assertThat(customers.count("segue_journal WHERE what = 'mismatch'")).isZero();
    }

    @Test
    void columnsThatGoMeanwhileEndTheComparisonWithoutAnError() throws SQLException {
        ColumnChange change = customers.sealed(2_000);
        AtomicInteger asked = new AtomicInteger();

        VerificationStatus status = verification()
                .run(change, Customers.PACE, () -> {
                    if (asked.incrementAndGet() == 4) {
                        customers.become(s -> s.stage(Stage.CONTRACT, Progress.APPLYING));
                        customers.database.execute("ALTER TABLE customer DROP COLUMN name");
                    }
                    return true;
                })
                .orElseThrow();

        assertThat(status.state()).isEqualTo(State.VOID);
    }

    @Test
    void goesOnWhereItWasStopped() throws SQLException {
        ColumnChange change = customers.sealed(2_000);
        AtomicInteger asked = new AtomicInteger();

        VerificationStatus stopped = verification()
                .run(change, Customers.PACE, () -> asked.incrementAndGet() < 5)
                .orElseThrow();
        assertThat(stopped.state()).isEqualTo(State.RUNNING);
        assertThat(stopped.rowsCompared()).isBetween(1L, 1_999L);
        assertThat(stopped.finishedAgo()).isNull();

        // Where it has been already: it must not begin again.
        customers.database.execute("UPDATE customer SET full_name = 'odd' WHERE id = 1");
        VerificationStatus status = run(change);

        assertThat(status.state()).isEqualTo(State.CLEAN);
        assertThat(status.rowsCompared()).as("each row once").isEqualTo(2_000);
    }

    @Test
    void oneNodeAtATimeCompares() throws SQLException {
        ColumnChange change = customers.sealed(10);
        try (WorkLock other = WorkLock.tryAcquire(
                        customers.database.dataSource(), customers.dialect, "verify " + change.id())
                .orElseThrow()) {
            assertThat(other).isNotNull();
            assertThat(verification().run(change, Customers.PACE, () -> true)).isEmpty();
        }
        assertThat(verification().run(change, Customers.PACE, () -> true)).isPresent();
    }

    @Test
    void writersOfBothSidesMakeNoMismatchAndAreNotHeldUp() throws Exception {
        ColumnChange change = customers.sealed(300);
        customers.guard(change, Side.NEW);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> writers = List.of(
                    threads.submit(() -> write("UPDATE customer SET name = ?, full_name = ? WHERE id = ?", 2, stop)),
                    threads.submit(() -> write("UPDATE customer SET name = ? WHERE id = ?", 1, stop)));
            for (int i = 0; i < 20; i++) {
                assertThat(run(change).state()).isEqualTo(State.CLEAN);
            }
            stop.set(true);
            for (Future<Integer> writer : writers) {
                assertThat(writer.get(30, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
        assertThat(customers.disagreeing()).isZero();
    }

    private int write(String sql, int values, AtomicBoolean stop) throws SQLException {
        int writes = 0;
        try (Connection connection = customers.database.connect();
                var update = connection.prepareStatement(sql)) {
            while (!stop.get()) {
                for (int i = 1; i <= values; i++) {
                    update.setString(i, "value " + writes);
                }
                update.setInt(values + 1, 1 + writes % 300);
                writes += update.executeUpdate();
            }
        }
        return writes;
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

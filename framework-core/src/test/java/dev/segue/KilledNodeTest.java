package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitSealed;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.lifecycle.Phase;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A node is killed, or stands still, while it fills the new column; the next one goes on where it has committed last. On each
 * database one after the other, as all have processes of their own.
 */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class KilledNodeTest {

    private static final int ROWS = 200_000;

    /** By a conversion in Java, which says where the process stops: there is no need to be quicker than it. */
    private static final int CONVERTED_ROWS = 40_000;

    private final Engine engine;

    KilledNodeTest(Engine engine) {
        this.engine = engine;
    }

    private static long ranges(Fleet fleet, String condition) {
        return fleet.database.value("SELECT count(*) FROM segue_range WHERE " + condition, Long.class);
    }

    private static long rowsRead(Fleet fleet) {
        return fleet.database.value(
                "SELECT coalesce(sum(rows_read), 0) FROM segue_range WHERE attempt = 0", Long.class);
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void anotherGoesOnFromTheCommittedCursor() throws Exception {
        try (Fleet fleet = new Fleet(engine, ROWS)) {
            try (NodeProcess victim = NodeProcess.start(fleet.database, "victim", Phase.DUAL_WRITE)) {
                // Its tables come with the node.
                await().atMost(LONG)
                        .pollInterval(Duration.ofMillis(20))
                        .ignoreExceptionsMatching(e -> victim.isAlive())
                        .until(() ->
                                ranges(fleet, "claimed_by = 'victim' AND state = 'open' AND cursor_key <> lower_key")
                                        > 0);
                victim.kill();
            }
            long before = rowsRead(fleet);
            assertThat(before).isPositive().isLessThan(ROWS);

            awaitSealed(fleet.start("heir", Fleet.settings(Phase.DUAL_WRITE)));

            assertTakenOver(fleet, ROWS);
            assertThat(fleet.disagreeing()).isZero();
        }
    }

    private static void assertTakenOver(Fleet fleet, int rows) {
        assertThat(rowsRead(fleet)).as("no row was gone over twice").isEqualTo(rows);
        assertThat(ranges(fleet, "claimed_by = 'heir' AND claim > 1"))
                .as("ranges taken over")
                .isPositive();
        assertThat(ranges(fleet, "state <> 'done'")).isZero();
    }

    /** A process that will stop itself in the middle of a batch. */
    private static NodeProcess stopping(Fleet fleet) throws IOException {
        return NodeProcess.start(fleet.database, "victim", Phase.DUAL_WRITE, NodeProcess.Conversion.BRACKETS_STOPPING);
    }

    private static void awaitStoppedInABatch(Fleet fleet, NodeProcess victim) {
        await().atMost(LONG).until(victim::isStopped);
        String claimed = "SELECT id FROM segue_range WHERE claimed_by = 'victim' AND state = 'open'";
        assertThat(fleet.database.rows(claimed + " FOR UPDATE SKIP LOCKED"))
                .as("ranges that are not locked")
                .hasSizeLessThan(fleet.database.rows(claimed).size());
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void ofABatchThatWasKilledWhileItConvertedNothingIsLeftBehind() throws Exception {
        try (Fleet fleet = new Fleet(engine, CONVERTED_ROWS, Fleet.declaration(Fleet.BRACKETS))) {
            try (NodeProcess victim = stopping(fleet)) {
                awaitStoppedInABatch(fleet, victim);
                victim.kill();
            }
            assertThat(rowsRead(fleet)).isPositive().isLessThan(CONVERTED_ROWS);

            awaitSealed(fleet.start("heir", Fleet.settings(Phase.DUAL_WRITE)));

            assertTakenOver(fleet, CONVERTED_ROWS);
            assertThat(fleet.notInBrackets()).isZero();
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void aNodeThatStandsStillInABatchLosesItAndWritesNothingWhenItGoesOn() throws Exception {
        try (Fleet fleet = new Fleet(engine, CONVERTED_ROWS, Fleet.declaration(Fleet.BRACKETS));
                NodeProcess victim = stopping(fleet)) {
            awaitStoppedInABatch(fleet, victim);

            Segue heir = fleet.start("heir", Fleet.settings(Phase.DUAL_WRITE));

            // The server ends the transaction of the batch, which has fallen silent.
            awaitSealed(heir);
            assertTakenOver(fleet, CONVERTED_ROWS);
            fleet.database.execute("UPDATE customer SET full_name = concat('<', name, '!>'), name = concat(name, '!')"
                    + " WHERE id > " + (NodeProcess.STOPS_AT - 1_000));
            assertThat(status(heir).record().members()).hasSize(1);

            victim.resume();
            await().atMost(LONG).until(() -> status(heir).record().members().size() == 2);
            victim.leave();

            assertTakenOver(fleet, CONVERTED_ROWS);
            assertThat(fleet.notInBrackets()).isZero();
            assertThat(fleet.database.value(
                            "SELECT count(*) FROM customer WHERE name LIKE '%!' AND full_name LIKE '<%!>'", Long.class))
                    .isEqualTo(CONVERTED_ROWS - NodeProcess.STOPS_AT + 1_000);
        }
    }
}

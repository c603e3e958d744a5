package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A node is killed while it fills the new column; the next one goes on where it has committed last. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class KilledNodeTest {

    private static final int ROWS = 200_000;

    private final Fleet fleet;

    KilledNodeTest(Engine engine) {
        fleet = new Fleet(engine, ROWS);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private long ranges(String condition) {
        return fleet.database.value("SELECT count(*) FROM segue_range WHERE " + condition, Long.class);
    }

    private long rowsRead() {
        return fleet.database.value(
                "SELECT coalesce(sum(rows_read), 0) FROM segue_range WHERE attempt = 0", Long.class);
    }

    @Test
    void anotherGoesOnFromTheCommittedCursor() throws Exception {
        try (NodeProcess victim = NodeProcess.start(fleet.database, "victim", Phase.DUAL_WRITE)) {
            // Its tables come with the node.
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptionsMatching(e -> victim.isAlive())
                    .until(() -> ranges("claimed_by = 'victim' AND state = 'open' AND cursor_key <> lower_key") > 0);
            victim.kill();
        }
        long before = rowsRead();
        assertThat(before).isPositive().isLessThan(ROWS);

        Segue heir = fleet.start("heir", Fleet.settings(Phase.DUAL_WRITE));

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                heir.status().get(0).record().situation().sealed(Side.NEW))
                        .isTrue());
        assertThat(rowsRead()).as("no row was gone over twice").isEqualTo(ROWS);
        assertThat(ranges("claimed_by = 'heir' AND claim > 1"))
                .as("ranges taken over")
                .isPositive();
        assertThat(ranges("state <> 'done'")).isZero();
        assertThat(fleet.disagreeing()).isZero();
    }
}

package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Pace;
import dev.segue.backfill.VerificationStatus;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes compare both sides of every row once they are sealed, and somebody writes one side although all vouch for nobody. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class ComparedPathTest {

    private final Fleet fleet;

    ComparedPathTest(Engine engine) {
        fleet = new Fleet(engine, 2_000);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private Segue unguarded(Phase phase) throws SQLException {
        return fleet.start("n1", new ChangeSettings(phase, false, Duration.ZERO, Duration.ZERO, false, Pace.DEFAULT));
    }

    private static void awaitCompared(Segue node, VerificationStatus.State state) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).comparison())
                        .map(VerificationStatus::state)
                        .contains(state));
    }

    @Test
    void aComparisonFollowsEverySealAndFindsARightTableClean() throws SQLException {
        Segue node = unguarded(Phase.DUAL_WRITE);

        awaitCompared(node, VerificationStatus.State.CLEAN);

        assertThat(status(node).comparison().orElseThrow().rowsCompared()).isEqualTo(2_000);
        assertThat(status(node).held()).isEmpty();
    }

    /** As if a quarter of an hour had passed since the last one. */
    private void letTimePass() {
        fleet.database.execute("UPDATE segue_verification SET finished_at = finished_at - INTERVAL '15' MINUTE");
    }

    @Test
    void rowsAreComparedAgainWithoutBeingAskedFor() throws SQLException {
        Segue node = unguarded(Phase.DUAL_WRITE);
        awaitCompared(node, VerificationStatus.State.CLEAN);
        fleet.database.execute("UPDATE customer SET full_name = 'wrong' WHERE id = 9");
        assertThat(status(node).record().situation().sealed(Side.NEW)).isTrue();

        letTimePass();

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .anySatisfy(held -> assertThat(held.message()).contains("customer 9")));
        assertThat(status(node).record().situation().sealed(Side.NEW)).isFalse();
    }

    @Test
    void aRowThatDiffersUnsealsTheSideThatNobodyReadsAndIsRepairedByCommand() throws SQLException {
        Segue node = unguarded(Phase.DUAL_WRITE);
        awaitCompared(node, VerificationStatus.State.CLEAN);

        fleet.database.execute("UPDATE customer SET full_name = 'wrong' WHERE id = 9");
        node.verify(Fleet.CHANGE);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .anySatisfy(held -> assertThat(held.message()).contains("customer 9")));
        await().during(Duration.ofSeconds(1))
                .atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status(node).record().situation().sealed(Side.NEW))
                                .isFalse());
        assertThat(fleet.database.value("SELECT full_name FROM customer WHERE id = 9", String.class))
                .isEqualTo("wrong");

        assertThat(node.repair(Fleet.CHANGE, Side.NEW, "ann")).isZero();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(status(node).record().situation().sealed(Side.NEW))
                                .isTrue());
        assertThat(fleet.disagreeing()).isZero();
        assertThat(fleet.database.value("SELECT count(*) FROM segue_journal WHERE what = 'repair'", Long.class))
                .isEqualTo(1);
    }

    @Test
    void aRowThatDiffersHoldsTheFleetWhereItIsUntilItIsRepaired() throws SQLException {
        Segue node = unguarded(Phase.READ_NEW);
        Segue behind = fleet.start(
                "n2", new ChangeSettings(Phase.DUAL_WRITE, false, Duration.ZERO, Duration.ZERO, false, Pace.DEFAULT));
        awaitCompared(node, VerificationStatus.State.CLEAN);
        await().atMost(LONG).until(() -> status(node).phase() == Phase.READ_NEW);

        fleet.database.execute("UPDATE customer SET name = 'wrong' WHERE id = 9");
        behind.verify(Fleet.CHANGE);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .anySatisfy(held -> assertThat(held.message()).contains("customer 9")));
        node.request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");
        await().during(Duration.ofSeconds(2))
                .atMost(LONG)
                .until(() -> status(node).phase() == Phase.READ_NEW);

        assertThat(node.repair(Fleet.CHANGE, Side.OLD, "ann")).isZero();
        await().atMost(LONG).until(() -> status(node).phase() == Phase.NEW_ONLY);
        assertThat(fleet.disagreeing()).isZero();
    }
}

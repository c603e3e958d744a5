package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.awaitSealed;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.fleet.Layout;
import dev.segue.fleet.OpenSession;
import dev.segue.fleet.Permit;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes walk a renamed column through its life, on real databases. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class WholePathTest {

    private final Fleet fleet;

    WholePathTest(Engine engine) {
        fleet = new Fleet(engine, 5_000);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    @Test
    void threeNodesWalkFromTheOldColumnToTheNewByOneGoal() throws SQLException {
        Segue first = fleet.start("n1", Fleet.settings(Phase.NEW_ONLY));
        Segue second = fleet.start("n2", Fleet.settings(Phase.NEW_ONLY));
        Segue third = fleet.start("n3", Fleet.settings(Phase.NEW_ONLY));

        for (Segue node : new Segue[] {first, second, third}) {
            awaitDropped(node);
            assertThat(status(node).phase()).isEqualTo(Phase.NEW_ONLY);
        }

        assertThat(fleet.columns()).contains("full_name").doesNotContain("name");
        assertThat(fleet.database.value("SELECT full_name FROM customer WHERE id = 4711", String.class))
                .isEqualTo("name 4711");
        assertThat(fleet.database.value("SELECT count(*) FROM customer WHERE full_name IS NULL", Long.class))
                .isZero();
        assertThatThrownBy(() -> fleet.database.execute("INSERT INTO customer (id) VALUES (0)"))
                .as("NOT NULL has been carried over")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNodeThatMayReadNewIsHeldByOneThatMayNotAndNamesIt() throws SQLException {
        fleet.start("billing-1", Fleet.settings(Phase.OLD_ONLY));
        Segue wants = fleet.start("shop-1", Fleet.settings(Phase.READ_NEW));

        awaitPhase(wants, Phase.DUAL_WRITE);
        awaitSealed(wants);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(wants).held())
                        .anyMatch(held -> held.message().contains("billing-1")));
        assertThat(status(wants).phase()).isEqualTo(Phase.DUAL_WRITE);
    }

    @Test
    void aNodeThatMustNotHoldRefusesToStartAndNamesNodeAndClause() throws SQLException {
        fleet.start("billing-1", Fleet.settings(Phase.OLD_ONLY));

        assertThatThrownBy(() -> fleet.start(
                        "shop-1", Fleet.settings(Phase.READ_NEW), SegueSettings.Unmet.FAIL, new Fleet.Host()))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("segue.changes.customer-full-name.phase")
                .hasMessageContaining("billing-1")
                .hasMessageContaining("fleet");
    }

    @Test
    void aWriterThatKnowsOnlyTheOldColumnIsCaughtRepairedAndReported() throws SQLException {
        try (Connection early = fleet.database.connect();
                Statement statement = early.createStatement()) {
            Segue node = fleet.start("n1", Fleet.settings(Phase.DUAL_WRITE));
            awaitPhase(node, Phase.DUAL_WRITE);
            early.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET name = 'before the guard' WHERE id = 1");
            early.commit();
            awaitSealed(node);

            statement.executeUpdate("UPDATE customer SET name = 'after the seal' WHERE id = 2");
            statement.executeUpdate("INSERT INTO customer (id, name) VALUES (100001, 'inserted')");
            early.commit();

            assertThat(fleet.disagreeing()).isZero();
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(status(node).record().guardHits()).isGreaterThanOrEqualTo(2));
            assertThat(status(node).record().guardLastWriter()).isNotBlank();
        }
    }

    @Test
    void theFirstStageWaitsForATransactionThatHasWrittenTheTable() throws SQLException {
        try (Connection early = fleet.database.connect();
                Statement statement = early.createStatement()) {
            Segue node = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
            early.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET note = 'open' WHERE id = 1");
            node.request(Fleet.CHANGE, Phase.DUAL_WRITE, "test");
            // The table is busy, so not even the column comes before this transaction is over.
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(status(node)
                                    .record()
                                    .situation()
                                    .stages()
                                    .of(Stage.EXPAND)
                                    .underWay())
                            .isTrue());
            statement.executeUpdate("UPDATE customer SET name = 'late' WHERE id = 1");
            early.commit();

            awaitSealed(node);
            assertThat(fleet.disagreeing()).isZero();
        }
    }

    @Test
    void transactionsThatWereOpenBeforeTheGuardAreWaitedForOrCaught() throws SQLException {
        try (Connection idle = fleet.database.connect();
                Statement later = idle.createStatement();
                Connection early = fleet.database.connect();
                Statement statement = early.createStatement()) {
            idle.setAutoCommit(false);
            later.executeQuery("SELECT 1").close();
            Segue node = fleet.start("n1", Fleet.settings(Phase.DUAL_WRITE));
            early.setAutoCommit(false);
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> fleet.columns().contains("full_name"));
            statement.executeUpdate("UPDATE customer SET name = 'before the guard' WHERE id = 1");

            awaitPhase(node, Phase.DUAL_WRITE);
            await().during(Duration.ofSeconds(1))
                    .atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(status(node).record().situation().sealed(Side.NEW))
                                    .isFalse());
            statement.executeUpdate("INSERT INTO customer (id, name) VALUES (100001, 'before the guard')");
            early.commit();
            awaitSealed(node);
            assertThat(fleet.disagreeing()).isZero();

            later.executeUpdate("UPDATE customer SET name = 'after the seal' WHERE id <= 10");
            later.executeUpdate("INSERT INTO customer (id, name) VALUES (100002, 'after the seal')");
            idle.commit();
            assertThat(fleet.disagreeing()).isZero();
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(status(node).record().guardHits()).isGreaterThanOrEqualTo(11));
            assertThat(status(node).record().situation().sealed(Side.NEW))
                    .as("what the guard repairs needs no new proof")
                    .isTrue();
        }
    }

    @Test
    void anOperatorsRequestIsStrongerThanTheConfigurationAndReachesEveryNode() throws SQLException {
        Segue first = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
        Segue second = fleet.start("n2", Fleet.settings(Phase.OLD_ONLY));

        first.request(Fleet.CHANGE, Phase.READ_NEW, "ann");
        awaitPhase(first, Phase.READ_NEW);
        awaitPhase(second, Phase.READ_NEW);
        assertThat(status(second).requestedBy()).isEqualTo("operator");

        second.clearRequests(Fleet.CHANGE, "ann");
        awaitPhase(first, Phase.OLD_ONLY);
        awaitPhase(second, Phase.OLD_ONLY);
        assertThat(fleet.disagreeing()).isZero();
    }

    @Test
    void aRefusalIsJournaledOnceAndASessionThatKeepsAPhaseIsNamed() throws SQLException {
        String opener = Thread.currentThread().getName();
        OpenSession old = new OpenSession(
                Thread.currentThread(), Instant.now(), new Layout(Map.of(Fleet.CHANGE, Phase.OLD_ONLY)));
        Fleet.Host host = new Fleet.Host() {

            @Override
            public Phases occupied(String change, Permit permit) {
                return Phases.of(Phase.OLD_ONLY);
            }

            @Override
            public List<OpenSession> openSessions() {
                return List.of(old);
            }
        };
        Segue node = fleet.start("n1", Fleet.settings(Phase.READ_NEW), SegueSettings.Unmet.HOLD, host);
        awaitPhase(node, Phase.DUAL_WRITE);
        awaitSealed(node);
        await().during(Duration.ofSeconds(2))
                .atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .anySatisfy(held -> assertThat(held.message())
                                .contains("leaving old-only")
                                .contains(opener)));

        assertThat(fleet.database.value("SELECT count(*) FROM segue_journal WHERE what = 'held'", Long.class))
                .isPositive()
                .isEqualTo(fleet.database.value(
                        "SELECT count(DISTINCT why) FROM segue_journal WHERE what = 'held'", Long.class));
    }

    @Test
    void aNodeThatIsGoneForAMomentDoesNotTakeStagesAway() throws SQLException {
        Segue first = fleet.start("n1", Fleet.settings(Phase.READ_NEW));
        Segue second = fleet.start("n2", Fleet.settings(Phase.READ_NEW));
        awaitPhase(first, Phase.READ_NEW);
        awaitPhase(second, Phase.READ_NEW);

        fleet.stop(first);
        Segue back = fleet.start("n3", Fleet.settings(Phase.OLD_ONLY));
        fleet.stop(second);
        Segue restarted = fleet.start("n4", Fleet.settings(Phase.READ_NEW));
        awaitPhase(restarted, Phase.READ_NEW);
        awaitPhase(back, Phase.DUAL_WRITE);
        assertThat(reverts())
                .as("only for a moment was everybody told to go back")
                .isZero();

        fleet.stop(restarted);
        awaitPhase(back, Phase.OLD_ONLY);
        assertThat(reverts()).isEqualTo(1);
        assertThat(fleet.disagreeing()).isZero();
    }

    private long reverts() {
        return fleet.database.value("SELECT count(*) FROM segue_journal WHERE to_value = 'reverting'", Long.class);
    }

    @Test
    void anotherDefinitionOfAChangeThatIsUnderWayIsRefused() throws SQLException {
        fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
        fleet.database.execute("UPDATE segue_change SET definition = 'customer(nick)->(full_name)'");

        assertThatThrownBy(() -> fleet.start("n2", Fleet.settings(Phase.OLD_ONLY)))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("another definition");
    }
}

package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who tells nodes where to go, and whose word counts. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RequestedTest {

    private final Fleet fleet;

    RequestedTest(Engine engine) {
        fleet = new Fleet(engine, 10);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    /** A flag service in the hands of the test. */
    private static final class Service implements RequestSource {

        private volatile String value;
        private volatile boolean away;

        Service(String value) {
            this.value = value;
        }

        @Override
        public Optional<String> phase(String change) {
            if (away) {
                throw new IllegalStateException("no route to the flag service");
            }
            return Optional.of(value);
        }
    }

    private Segue start(String node, Phase configured, RequestSource flags) throws SQLException {
        return fleet.start(node, Fleet.settings(configured), SegueSettings.Unmet.HOLD, flags);
    }

    private static List<String> origins(Segue node) {
        return status(node).requests().all().stream()
                .map(request -> request.phase().id() + " by " + request.origin())
                .toList();
    }

    private static void awaitRequested(Segue node, Phase phase, String by) {
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(status(node).requested()).isEqualTo(phase);
            assertThat(status(node).requestedBy()).isEqualTo(by);
        });
    }

    private long journaled(String condition) {
        return fleet.database.value("SELECT count(*) FROM segue_journal WHERE " + condition, Long.class);
    }

    @Test
    void theStrongestWordCountsAndTheOthersStayInSight() throws SQLException {
        Service service = new Service("read-new");
        Segue node = start("n1", Phase.NEW_ONLY, service);
        awaitRequested(node, Phase.READ_NEW, "flag");

        assertThat(node.requestBack(Fleet.CHANGE, Phase.SHADOW_READ, "12 mismatches"))
                .isTrue();
        awaitRequested(node, Phase.SHADOW_READ, "watch");
        node.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann");
        awaitRequested(node, Phase.DUAL_WRITE, "operator");

        assertThat(origins(node))
                .containsExactly(
                        "dual-write by operator ann",
                        "shadow-read by watch n1: 12 mismatches",
                        "read-new by flag segue." + Fleet.CHANGE,
                        "new-only by configuration segue.changes." + Fleet.CHANGE + ".phase");
        assertThat(status(node).requests().all())
                .allSatisfy(request -> assertThat(request.since())
                        .isBetween(
                                java.time.Instant.now().minusSeconds(60),
                                java.time.Instant.now().plusSeconds(60)));

        assertThat(node.clearRequests(Fleet.CHANGE, "ann")).hasSize(2);
        awaitRequested(node, Phase.READ_NEW, "flag");
        service.value = "";
        awaitRequested(node, Phase.NEW_ONLY, "configuration");
    }

    @Test
    void theWatchsWayBackReachesEveryNodeAndSendsNobodyUp() throws SQLException {
        Segue shop = fleet.start("shop-1", "shop", Fleet.settings(Phase.READ_NEW));
        Segue billing = fleet.start("billing-1", "billing", Fleet.settings(Phase.OLD_ONLY));
        awaitPhase(shop, Phase.DUAL_WRITE);

        shop.requestBack(Fleet.CHANGE, Phase.DUAL_WRITE, "too many errors");

        awaitRequested(shop, Phase.DUAL_WRITE, "watch");
        await().atMost(LONG).until(() -> status(billing).requests().all().size() == 2);
        assertThat(status(billing).requested()).isEqualTo(Phase.OLD_ONLY);
        assertThat(status(billing).requestedBy()).isEqualTo("configuration");
    }

    @Test
    void aChangeOfANodesOwnRequestIsJournaledOnce() throws SQLException {
        Service service = new Service("dual-write");
        Segue node = start("n1", Phase.OLD_ONLY, service);
        awaitPhase(node, Phase.DUAL_WRITE);

        service.value = "old-only";
        awaitPhase(node, Phase.OLD_ONLY);
        node.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann");
        awaitPhase(node, Phase.DUAL_WRITE);
        node.clearRequests(Fleet.CHANGE, "ann");
        awaitPhase(node, Phase.OLD_ONLY);

        assertThat(journaled("what = 'request' AND from_value IS NULL AND to_value = 'dual-write'"
                        + " AND why = 'by flag segue." + Fleet.CHANGE + "'"))
                .isEqualTo(1);
        assertThat(journaled("what = 'request' AND from_value = 'dual-write' AND to_value = 'old-only'"
                        + " AND why = 'by flag segue." + Fleet.CHANGE + "'"))
                .isEqualTo(1);
        assertThat(journaled("what = 'request'"))
                .as("these two and the operator's")
                .isEqualTo(3);
    }

    @Test
    void anOutageOfTheFlagsOrAnUnknownValueMovesNobodyAndIsTold() throws SQLException {
        Service service = new Service("dual-write");
        Segue node = start("n1", Phase.NEW_ONLY, service);
        awaitPhase(node, Phase.DUAL_WRITE);

        service.away = true;
        awaitHeld(node, "no route to the flag service");
        service.away = false;
        service.value = "dual-wirte";
        awaitHeld(node, "'dual-wirte'");
        assertThat(status(node).held())
                .anySatisfy(held -> assertThat(held.remedy()).contains("dual-write", "read-new"));
        assertThat(status(node).requested()).isEqualTo(Phase.DUAL_WRITE);
        assertThat(status(node).phase()).isEqualTo(Phase.DUAL_WRITE);

        node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");
        awaitPhase(node, Phase.OLD_ONLY);
        node.clearRequests(Fleet.CHANGE, "ann");
        service.value = "dual-write";
        awaitPhase(node, Phase.DUAL_WRITE);
        await().atMost(LONG).until(() -> troubles(node).isEmpty());
        assertThat(journaled("what = 'moved' AND to_value NOT IN ('dual-write', 'old-only')"))
                .isZero();
    }

    private static List<Held> troubles(Segue node) {
        return status(node).held().stream()
                .filter(held -> held.clause() == Clause.REQUEST)
                .toList();
    }

    private static void awaitHeld(Segue node, String message) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(troubles(node))
                        .hasSize(1)
                        .allMatch(held -> held.message().contains(message)));
    }

    @Test
    void aNodeThatStartsWhileTheFlagsAreAwayGoesByItsConfigurationAndSaysSo() throws SQLException {
        Service service = new Service("old-only");
        service.away = true;
        Segue node = start("n1", Phase.DUAL_WRITE, service);

        awaitRequested(node, Phase.DUAL_WRITE, "configuration");
        awaitHeld(node, "no route to the flag service");
        awaitPhase(node, Phase.DUAL_WRITE);

        service.away = false;
        awaitRequested(node, Phase.OLD_ONLY, "flag");
    }

    @Test
    void aFlagServiceThatHangsKeepsNobodyFromStartingOrFromHearingAnOperator() throws SQLException {
        CountDownLatch hanging = new CountDownLatch(1);
        RequestSource hung = change -> {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Optional.of("read-new");
        };
        Segue node = start("n1", Phase.OLD_ONLY, hung);
        awaitHeld(node, "does not answer");

        node.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann");
        awaitRequested(node, Phase.DUAL_WRITE, "operator");
        node.clearRequests(Fleet.CHANGE, "ann");
        awaitRequested(node, Phase.OLD_ONLY, "configuration");
        hanging.countDown();
        awaitRequested(node, Phase.READ_NEW, "flag");
        await().atMost(LONG).until(() -> troubles(node).isEmpty());
    }

    @Test
    void aNodeThatMustNotHoldStartsWhereItsFlagSendsItOrNamesTheFlag() throws SQLException {
        Segue first =
                fleet.start("n1", Fleet.settings(Phase.OLD_ONLY), SegueSettings.Unmet.FAIL, new Service("dual-write"));
        assertThat(status(first).phase()).isEqualTo(Phase.DUAL_WRITE);

        assertThatThrownBy(() -> fleet.start(
                        "n2", Fleet.settings(Phase.OLD_ONLY), SegueSettings.Unmet.FAIL, new Service("new-only")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("flag segue." + Fleet.CHANGE)
                .hasMessageContaining("new-only");
    }
}

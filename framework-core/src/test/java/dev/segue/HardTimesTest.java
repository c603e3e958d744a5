package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.network.TcpProxy;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What goes wrong around a node ends it no longer than it takes to join again, and never needs a restart. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class HardTimesTest {

    private final Engine engine;
    private final Fleet fleet;

    HardTimesTest(Engine engine) {
        this.engine = engine;
        this.fleet = new Fleet(engine, 2_000);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(60));
    }

    private static ChangeRecord record(Segue node) {
        return node.status().get(0).record();
    }

    private static List<String> nodes(Segue seenBy) {
        return record(seenBy).members().stream()
                .map(ChangeRecord.Member::node)
                .sorted()
                .toList();
    }

    private static long generation(Segue seenBy, String node) {
        return record(seenBy).members().stream()
                .filter(member -> member.node().equals(node))
                .mapToLong(ChangeRecord.Member::generation)
                .findFirst()
                .orElse(-1);
    }

    @Test
    void afterTheDatabaseWasAwayForLongerThanTheLeaseTheNodesGoOnByThemselves() throws SQLException {
        // A server of its own, because it is stopped.
        try (DatabaseServer server = DatabaseServers.start(engine);
                Fleet away = new Fleet(server, 2_000)) {
            Segue first = away.start("n1", Fleet.settings(Phase.DUAL_WRITE));
            Segue second = away.start("n2", Fleet.settings(Phase.DUAL_WRITE));
            soon().until(() ->
                    nodes(first).size() == 2 && record(first).situation().sealedNew());
            long before = generation(first, "n2");

            server.stop();
            await().pollDelay(Fleet.LEASE.plusSeconds(1)).until(() -> true);
            server.start();

            soon().until(() -> nodes(first).equals(List.of("n1", "n2")) && generation(first, "n2") != before);
            soon().until(() -> !first.isFenced());
            first.request(Fleet.CHANGE, Phase.READ_NEW, "test");
            for (Segue node : List.of(first, second)) {
                soon().until(() -> node.status().get(0).phase() == Phase.READ_NEW);
            }
            assertThat(away.disagreeing()).isZero();
        }
    }

    @Test
    void aNodeThatStoodStillForLongerThanItsLeaseIsGoneAndJoinsAgain() throws Exception {
        Segue observer = fleet.start("observer", Fleet.settings(Phase.OLD_ONLY));
        try (NodeProcess sleeper = NodeProcess.start(fleet.database, "sleeper", Phase.OLD_ONLY)) {
            soon().until(() -> nodes(observer).contains("sleeper"));
            long before = generation(observer, "sleeper");

            shortPause(sleeper, observer);
            assertThat(generation(observer, "sleeper"))
                    .as("a pause shorter than the lease changes nothing")
                    .isEqualTo(before);

            sleeper.pause();
            soon().until(() -> nodes(observer).equals(List.of("observer")));
            sleeper.resume();
            soon().until(() -> nodes(observer).contains("sleeper"));
            assertThat(generation(observer, "sleeper")).isNotEqualTo(before);
        }
    }

    private static void shortPause(NodeProcess sleeper, Segue observer) throws IOException {
        sleeper.pause();
        try {
            await().during(Fleet.LEASE.dividedBy(3))
                    .atMost(Fleet.LEASE)
                    .until(() -> nodes(observer).contains("sleeper"));
        } finally {
            sleeper.resume();
        }
        await().during(Fleet.LEASE)
                .atMost(Fleet.LEASE.multipliedBy(3))
                .until(() -> nodes(observer).contains("sleeper"));
    }

    @Test
    void aDatabaseThatAnswersAThousandTimesSlowerFencesNobody() throws SQLException {
        try (TcpProxy line = TcpProxy.to(fleet.port())) {
            // A tenth of the lease for each answer: as 3 s are of the default.
            Duration lease = Duration.ofSeconds(6);
            try (Segue node =
                    Fleet.start(fleet.database.through(line.port()).dataSource(), "slow", Phase.DUAL_WRITE, lease)) {
                soon().until(() -> record(node).situation().sealedNew());
                long before = generation(node, "slow");

                line.delay(lease.dividedBy(10));
                await().during(lease.multipliedBy(2))
                        .atMost(lease.multipliedBy(3))
                        .until(() -> !node.isFenced());

                line.delay(Duration.ZERO);
                soon().until(() -> node.status().get(0).phase() == Phase.DUAL_WRITE);
                assertThat(generation(node, "slow"))
                        .as("it has kept its lease on " + engine)
                        .isEqualTo(before);
            }
        }
    }

    @Test
    void aBrokenLineIsMendedByTheNextRound() throws SQLException {
        try (TcpProxy line = TcpProxy.to(fleet.port());
                Segue node = Fleet.start(
                        fleet.database.through(line.port()).dataSource(),
                        "n1",
                        Phase.DUAL_WRITE,
                        Duration.ofSeconds(6))) {
            soon().until(() -> record(node).situation().sealedNew());
            for (int i = 0; i < 5; i++) {
                line.cut();
                line.restore();
            }
            node.request(Fleet.CHANGE, Phase.SHADOW_READ, "test");
            soon().until(() -> node.status().get(0).phase() == Phase.SHADOW_READ);
            assertThat(node.isFenced()).isFalse();
        }
    }

    @Test
    void aNodeWhoseMoveIsTakenBackBehindItsBackJoinsAnew() throws SQLException {
        Segue node = fleet.start("n1", Fleet.settings(Phase.READ_NEW));
        soon().until(() -> node.status().get(0).phase() == Phase.READ_NEW);
        long before = generation(node, "n1");

        fleet.database.execute("UPDATE segue_participant SET phase = 'old-only', draining = ''");

        soon().until(() -> generation(node, "n1") != before);
        soon().until(() -> node.status().get(0).phase() == Phase.READ_NEW);
    }

    /** A large application builds its session factories for longer than a lease. */
    private static final class SlowHost extends Fleet.Host {

        @Override
        public void prepare(Layout next) {
            LockSupport.parkNanos(Fleet.LEASE.multipliedBy(2).toNanos());
        }
    }

    @Test
    void aNodeThatBuildsForLongerThanALeaseKeepsIt() throws Exception {
        Segue node = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY), SegueSettings.Unmet.HOLD, new SlowHost());
        long first = generation(node, "n1");

        await().during(Fleet.LEASE)
                .atMost(Duration.ofSeconds(60))
                .until(() -> !node.isFenced() && generation(node, "n1") == first);
    }
}

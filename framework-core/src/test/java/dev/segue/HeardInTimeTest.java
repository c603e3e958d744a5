package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.fleet.Request;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How fast an operator is heard. The lease is so long that the promise holds on a busy machine too. */
@EachDatabase
class HeardInTimeTest {

    private static final Duration LEASE = Duration.ofSeconds(12);
    private static final Duration RENEWAL = LEASE.dividedBy(3);

    private final Fleet fleet;

    HeardInTimeTest(Engine engine) {
        fleet = new Fleet(engine, 10);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private long journaled(String condition) {
        return fleet.database.value("SELECT count(*) FROM segue_journal WHERE " + condition, Long.class);
    }

    /** In the registry, where everybody sees it. */
    private void awaitEveryNodeToldWithinOneRenewal(Phase phase, int nodes) {
        await().atMost(RENEWAL)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> fleet.database.value(
                                "SELECT count(*) FROM segue_participant WHERE state = 'live' AND requested = '"
                                        + phase.id() + "'",
                                Long.class),
                        told -> told == nodes);
    }

    @Test
    void anOperatorsRequestReachesEveryNodeWithinOneRenewal() throws SQLException {
        try (Segue first = start("n1");
                Segue second = start("n2");
                Segue third = start("n3")) {
            isHeardByAll(first, second, third);
        }
    }

    private Segue start(String node) throws SQLException {
        return Fleet.start(fleet.database.dataSource(), node, Phase.OLD_ONLY, LEASE);
    }

    private void isHeardByAll(Segue first, Segue second, Segue third) throws SQLException {
        first.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann", "the release is out");
        assertThat(first.status().get(0).requestedBy())
                .as("who says it is shown it at once")
                .isEqualTo("operator");
        awaitEveryNodeToldWithinOneRenewal(Phase.DUAL_WRITE, 3);
        for (Segue node : List.of(first, second, third)) {
            assertThat(node.status().get(0).requests().all())
                    .extracting(request -> request.phase().id() + " by " + request.origin())
                    .containsExactly(
                            "dual-write by operator ann: the release is out",
                            "old-only by configuration segue.changes." + Fleet.CHANGE + ".phase");
        }
        assertThat(journaled("what = 'request' AND node = 'n1' AND to_value = 'dual-write'"
                        + " AND why = 'by operator ann: the release is out'"))
                .isEqualTo(1);

        List<Request> cleared = second.clearRequests(Fleet.CHANGE, "bob");
        assertThat(cleared).extracting(Request::by).containsExactly("ann");
        awaitEveryNodeToldWithinOneRenewal(Phase.OLD_ONLY, 3);
        assertThat(journaled("what = 'clear-request' AND node = 'n2' AND from_value = 'dual-write'"
                        + " AND why = 'of the operator, by operator bob'"))
                .isEqualTo(1);
    }
}

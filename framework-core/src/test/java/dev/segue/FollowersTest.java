package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Throttle;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody begins to read the new column before the replicas, which serve reads, have what the pass has written. */
@EachDatabase
class FollowersTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final DatabaseServer server;
    private final dev.segue.test.database.Replica replica;
    private final Fleet fleet;

    FollowersTest(Engine engine) {
        server = DatabaseServers.start(engine);
        replica = server.startReplica();
        fleet = new Fleet(server, 100);
    }

    @AfterEach
    void end() {
        fleet.close();
        replica.close();
        server.close();
    }

    @Test
    void aReplicaThatLagsHoldsTheFirstReadsOfTheNewColumn() throws Exception {
        Surroundings around = new Surroundings(
                RequestSource.NONE,
                Throttle.NONE,
                List.of(new Replica("eu-2", replica.of(fleet.database).dataSource())));
        await().atMost(LONG).ignoreExceptions().until(() -> copied() == 100);
        replica.holdUp();

        Segue node = fleet.start("n1", Fleet.settings(Phase.READ_NEW), around);

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .anySatisfy(held -> assertThat(held.message())
                                .isEqualTo(
                                        "reading NEW waits: replica eu-2 has not applied the proof of NEW yet, so reads from"
                                                + " it would be wrong")));
        assertThat(status(node).phase().reads()).isEqualTo(Side.OLD);
        Segue second = fleet.start("n2", Fleet.settings(Phase.READ_NEW), around);
        assertThat(status(second).phase().reads())
                .as("nor does one that starts now")
                .isEqualTo(Side.OLD);

        replica.letGo();
        await().atMost(LONG).until(() -> status(node).phase() == Phase.READ_NEW);
        assertThat(replica.of(fleet.database).value("SELECT count(*) FROM customer WHERE full_name = name", Long.class))
                .isEqualTo(100);
    }

    private long copied() {
        return replica.of(fleet.database).value("SELECT count(*) FROM customer", Long.class);
    }

    private static ChangeStatus status(Segue node) {
        return node.status().get(0);
    }
}

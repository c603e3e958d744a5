package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Layout;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.network.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A replica that has not heard of everything takes the place of the database. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class FailoverTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Engine engine;
    private final DatabaseServer server;
    private final dev.segue.test.database.Replica replica;
    private final Fleet fleet;

    FailoverTest(Engine engine) {
        this.engine = engine;
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
    void aNodeWhoseMoveThePromotedReplicaHasNotHeardOfJoinsAnewAndGoesOn() throws Exception {
        TestDatabase copy = replica.of(fleet.database);
        try (TcpProxy line = TcpProxy.to(fleet.port());
                Segue node = Fleet.start(
                        fleet.database.through(line.port()).dataSource(), "n1", Phase.OLD_ONLY, Fleet.LEASE)) {
            awaitPhase(node, Phase.OLD_ONLY);
            await().atMost(LONG)
                    .ignoreExceptions()
                    .until(() -> copy.value("SELECT count(*) FROM segue_participant", Long.class) == 1);
            replica.holdUp();
            node.request(Fleet.CHANGE, Phase.READ_NEW, "ann");
            awaitPhase(node, Phase.READ_NEW);
            long before = generation(node);
            assertThat(recognizes(fleet.database, before, Phase.READ_NEW)).isTrue();
            assertThat(recognizes(fleet.database, before, Phase.OLD_ONLY)).isFalse();
            assertThat(recognizes(copy, before, Phase.OLD_ONLY)).isTrue();
            assertThat(recognizes(copy, before, Phase.READ_NEW))
                    .as("the column is not even there")
                    .isFalse();

            server.stop();
            replica.promote();
            line.leadTo(replica.port());
            line.cut();
            line.restore();

            if (engine == Engine.MYSQL) {
                // PostgreSQL applies what it has received before it takes the place.
                await().atMost(LONG).until(() -> generation(node) != before);
                node.request(Fleet.CHANGE, Phase.READ_NEW, "ann");
            }
            awaitPhase(node, Phase.READ_NEW);
            await().atMost(LONG).ignoreExceptions().until(() -> recognizes(copy, generation(node), Phase.READ_NEW));
            assertThat(copy.value("SELECT count(*) FROM customer WHERE full_name = name", Long.class))
                    .isEqualTo(100);
        }
    }

    private boolean recognizes(TestDatabase server, long generation, Phase phase) throws SQLException {
        Registry registry = new Registry(fleet.database.dataSource(), fleet.dialect(), "test", NodeClock.SYSTEM);
        try (Connection connection = server.connect()) {
            connection.setAutoCommit(false);
            return registry.recognizes(connection, "n1", generation, new Layout(Map.of(Fleet.CHANGE, phase)));
        }
    }

    private static void awaitPhase(Segue node, Phase phase) {
        await().atMost(LONG).until(() -> node.status().get(0).phase() == phase);
    }

    private static long generation(Segue node) {
        return node.status().get(0).record().members().stream()
                .mapToLong(ChangeRecord.Member::generation)
                .findFirst()
                .orElse(-1);
    }
}

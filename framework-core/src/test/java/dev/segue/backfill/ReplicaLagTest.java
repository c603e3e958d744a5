package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.database.Database;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.Replica;
import dev.segue.test.database.TestDatabase;
import dev.segue.test.network.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How late a replica is, read on real ones. */
@EachDatabase
class ReplicaLagTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration QUIET = Duration.ofSeconds(12);
    private static final Duration BETWEEN = Duration.ofMillis(200);

    private final Engine engine;
    private final Database dialect;
    private final DatabaseServer server;
    private final TcpProxy line;
    private final Replica replica;
    private final TestDatabase database;
    private final List<ThrottleSignal> signals = new ArrayList<>();

    ReplicaLagTest(Engine engine) {
        this.engine = engine;
        dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        server = DatabaseServers.start(engine);
        line = TcpProxy.to(server.port());
        replica = server.startReplica(line.port());
        database = server.createDatabase();
        database.execute("CREATE TABLE beat (id int PRIMARY KEY, n int)", "INSERT INTO beat VALUES (1, 0)");
        TestDatabase copy = replica.of(database);
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> copy.value("SELECT n FROM beat", Integer.class).equals(0));
        signals.add(DatabaseSignals.replicaLag("r1", copy.dataSource(), database.dataSource(), dialect, LIMIT));
        if (engine == Engine.POSTGRESQL) {
            signals.add(DatabaseSignals.standbyLag(database.dataSource(), LIMIT));
        }
    }

    @AfterEach
    void end() {
        replica.close();
        line.close();
        database.close();
        server.close();
    }

    private void write() {
        database.execute("UPDATE beat SET n = n + 1");
    }

    private List<Double> readings() throws Exception {
        List<Double> readings = new ArrayList<>();
        for (ThrottleSignal signal : signals) {
            readings.add(signal.read());
        }
        return readings;
    }

    private static boolean allNear(List<Double> readings) {
        return readings.stream().allMatch(lag -> lag < 1);
    }

    @Test
    void growsWhileTheLineStandsStillAndWritesGoOn() throws Exception {
        line.delay(Duration.ofHours(1));

        await().atMost(LONG).pollInterval(BETWEEN).until(() -> {
            write();
            return readings().stream().allMatch(lag -> lag >= LIMIT.toSeconds());
        });

        line.delay(Duration.ZERO);
        await().atMost(LONG).until(() -> {
            write();
            return allNear(readings());
        });
    }

    @Test
    void growsWhileAStandbyReplaysNothing() {
        if (engine == Engine.MYSQL) {
            // There the replica says itself that it is not replicating.
            return;
        }
        replica.holdUp();
        await().atMost(LONG).pollInterval(BETWEEN).until(() -> {
            write();
            return readings().stream().allMatch(lag -> lag >= LIMIT.toSeconds());
        });
    }

    @Test
    void cannotBeReadOnceAStandbyHasLostItsConnection() throws Exception {
        if (engine == Engine.MYSQL) {
            // There the source knows nothing of its replicas.
            return;
        }
        ThrottleSignal standbys = signals.get(1);
        assertThat(standbys.read()).isLessThan((double) LIMIT.toSeconds());

        replica.cutOff();

        await().atMost(LONG)
                .untilAsserted(() -> assertThatThrownBy(standbys::read)
                        .hasMessageContaining("has lost its connection to the primary"));
    }

    @Test
    void isNoneWhileThePrimaryIsQuiet() {
        write();
        await().atMost(LONG).until(() -> allNear(readings()));

        await("longer than a standby is silent")
                .atMost(QUIET.plusSeconds(3))
                .pollInterval(BETWEEN)
                .during(QUIET)
                .until(() -> allNear(readings()));
    }

    @Test
    void cannotBeReadWithoutGtids() {
        if (engine == Engine.POSTGRESQL) {
            return;
        }
        database.execute("SET GLOBAL gtid_mode = ON_PERMISSIVE");

        assertThatThrownBy(this::readings)
                .hasMessage("its primary does not tell where its log ends: it runs without GTIDs (gtid_mode is"
                        + " ON_PERMISSIVE); turn them on, or set no limit to the lag");
    }
}

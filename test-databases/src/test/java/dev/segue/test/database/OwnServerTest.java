package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@EachDatabase
class OwnServerTest {

    private final Engine engine;

    OwnServerTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void keepsItsDataAndPortOverARestart() {
        try (DatabaseServer server = DatabaseServers.start(engine)) {
            TestDatabase database = server.createDatabase();
            database.execute("create table t (id int primary key)", "insert into t values (42)");
            int port = server.port();

            server.stop();
            assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
            server.start();

            assertThat(server.port()).isEqualTo(port);
            assertThat(database.value("select id from t", Integer.class)).isEqualTo(42);
        }
    }

    @Test
    void doesNotStartAfterItWasClosed() {
        DatabaseServer server = DatabaseServers.start(engine);
        TestDatabase database = server.createDatabase();

        server.close();
        server.close();
        database.close();

        assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
        assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining("is closed");
    }

    @Test
    void failsOnAPortThatIsTaken() {
        int taken = DatabaseServers.shared(engine).port();

        assertThatIllegalStateException()
                .isThrownBy(() -> DatabaseServers.start(engine, taken))
                .withMessageContaining("port " + taken);
    }

    @Test
    void hasAReplicaThatCanBeHeldUpAndPromoted() {
        try (DatabaseServer server = DatabaseServers.start(engine)) {
            TestDatabase database = server.createDatabase();
            database.execute("create table t (id int primary key)", "insert into t values (1)");
            try (Replica replica = server.startReplica()) {
                TestDatabase copy = replica.of(database);
                await().ignoreExceptions()
                        .untilAsserted(() -> assertThat(rows(copy)).isEqualTo(1));
                assertThatThrownBy(() -> copy.execute("insert into t values (9)"))
                        .hasMessageContaining("read");

                replica.holdUp();
                database.execute("insert into t values (2)");
                assertThat(rows(copy)).isEqualTo(1);
                replica.letGo();
                await().untilAsserted(() -> assertThat(rows(copy)).isEqualTo(2));

                replica.promote();
                copy.execute("insert into t values (3)");
                assertThat(rows(copy)).isEqualTo(3);
                assertThat(rows(database)).isEqualTo(2);
            }
        }
    }

    private static long rows(TestDatabase database) {
        return database.value("select count(*) from t", Long.class);
    }
}

package dev.segue.test.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@EachDatabase
class TcpProxyTest {

    private final DatabaseServer server;

    TcpProxyTest(Engine engine) {
        server = DatabaseServers.shared(engine);
    }

    @Test
    void passesOnDelaysAndBreaks() throws SQLException {
        try (TestDatabase database = server.createDatabase();
                TcpProxy line = TcpProxy.to(server.port())) {
            TestDatabase behind = database.through(line.port());
            try (Connection connection = behind.connect()) {
                assertThat(connection.isValid(5)).isTrue();

                line.delay(Duration.ofMillis(300));
                long began = System.nanoTime();
                connection.createStatement().execute("SELECT 1");
                assertThat(System.nanoTime() - began)
                        .isGreaterThanOrEqualTo(Duration.ofMillis(290).toNanos());

                line.cut();
                assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1"))
                        .isInstanceOf(SQLException.class);
                assertThatThrownBy(behind::connect).isInstanceOf(SQLException.class);
            }
            line.delay(Duration.ZERO);
            line.restore();
            assertThat(behind.value("SELECT 1", Integer.class)).isEqualTo(1);
        }
    }

    @Test
    void leadsNewConnectionsElsewhereAndRefusesThemWhereNobodyIs() {
        try (TestDatabase database = server.createDatabase();
                TcpProxy line = TcpProxy.to(server.port())) {
            TestDatabase behind = database.through(line.port());
            try (TcpProxy gone = TcpProxy.to(server.port())) {
                line.leadTo(gone.port());
                assertThat(behind.value("SELECT 1", Integer.class)).isEqualTo(1);
            }
            assertThatThrownBy(behind::connect).isInstanceOf(SQLException.class);

            line.leadTo(server.port());
            assertThat(behind.value("SELECT 1", Integer.class)).isEqualTo(1);
        }
    }
}

package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@EachDatabase
class SharedServerTest {

    private final Engine engine;

    SharedServerTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void isOneForAllWhoAskAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<DatabaseServer>> asking = Stream.generate(
                            () -> (Callable<DatabaseServer>) () -> DatabaseServers.shared(engine))
                    .limit(8)
                    .toList();
            DatabaseServer server = DatabaseServers.shared(engine);

            for (Future<DatabaseServer> each : threads.invokeAll(asking)) {
                assertThat(each.get()).isSameAs(server);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void cannotBeStoppedUnderOtherTests() {
        DatabaseServer server = DatabaseServers.shared(engine);

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(server::stop)
                .withMessageContaining("DatabaseServers.start(Engine." + engine + ")");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(server::close);
    }

    @Test
    void saysWhatItIs() {
        DatabaseServer server = DatabaseServers.shared(engine);

        assertThat(server.engine()).isEqualTo(engine);
        assertThat(server.description()).startsWith(engine.product() + " " + server.version() + ", ");
    }
}

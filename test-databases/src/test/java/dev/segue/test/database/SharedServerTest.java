package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@EachDatabase
class SharedServerTest {

    private final Engine engine;

    SharedServerTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void isStartedOnceForAllWhoAskAtOnce() throws Exception {
        DatabaseServers.Shared notYetStarted = new DatabaseServers.Shared(engine);
        CyclicBarrier atOnce = new CyclicBarrier(8);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<DatabaseServer> asking = () -> {
                atOnce.await();
                return notYetStarted.get();
            };

            Set<DatabaseServer> given = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Future<DatabaseServer> each : threads.invokeAll(Collections.nCopies(8, asking))) {
                given.add(each.get());
            }

            assertThat(given).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void isTheSameForTheWholeJvm() {
        assertThat(DatabaseServers.shared(engine)).isSameAs(DatabaseServers.shared(engine));
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

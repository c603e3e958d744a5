package dev.segue.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.database.TableName;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** PostgreSQL locks the partitions of a table one after the other, and keeps those that it has while it waits for the next. */
@Execution(ExecutionMode.CONCURRENT)
class PartitionLockTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int PARTITIONS = 4;

    private final Shop shop = new Shop(Engine.POSTGRESQL);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Connection> readers = new ArrayList<>();

    @AfterEach
    void close() throws SQLException {
        for (Connection reader : readers) {
            reader.close();
        }
        threads.shutdownNow();
        shop.close();
    }

    @Test
    void nobodyQueuesForMoreThanOneTimeoutHoweverManyPartitionsAreInUse() throws Exception {
        shop.database.execute("CREATE TABLE event (id bigint PRIMARY KEY) PARTITION BY HASH (id)");
        for (int i = 0; i < PARTITIONS; i++) {
            shop.database.execute(
                    "CREATE TABLE event_%1$d PARTITION OF event FOR VALUES WITH (MODULUS %2$d, REMAINDER %1$d)"
                            .formatted(i, PARTITIONS));
            read("event_" + i);
        }
        Step step = Step.quick(TableName.of("event"), null, "ALTER TABLE event ADD COLUMN note text");
        AtomicInteger attempts = new AtomicInteger();
        LockPatience patience = new LockPatience(TIMEOUT, Duration.ofMillis(20), Duration.ofMillis(40), 500);

        Future<?> done = threads.submit(() -> {
            new StepRunner(shop.pool, shop.dialect, patience)
                    .run(List.of(step), connection -> attempts.incrementAndGet());
            return null;
        });
        for (int i = 0; i < PARTITIONS; i++) {
            String partition = "event_" + i;
            // Each lets it through within one timeout, and all of them together do not.
            await().until(() -> isWaitedFor(partition));
            await().pollDelay(TIMEOUT.dividedBy(2)).until(() -> true);
            readers.get(i).rollback();
        }
        done.get(1, TimeUnit.MINUTES);

        assertThat(attempts.get()).isGreaterThan(1);
        assertThat(shop.database.rows("SELECT note FROM event")).isEmpty();
    }

    private void read(String table) throws SQLException {
        Connection reader = shop.database.connect();
        readers.add(reader);
        reader.setAutoCommit(false);
        try (Statement statement = reader.createStatement()) {
            statement.executeQuery("SELECT * FROM " + table).close();
        }
    }

    private boolean isWaitedFor(String table) {
        return shop.database.value(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '" + table + "'::regclass",
                        Long.class)
                > 0;
    }
}

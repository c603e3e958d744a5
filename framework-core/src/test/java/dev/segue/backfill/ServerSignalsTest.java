package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server has to do beside the work, as it tells it. */
@EachDatabase
class ServerSignalsTest {

    private static final double MEBIBYTE = 1 << 20;

    private final Customers customers;

    ServerSignalsTest(Engine engine) {
        this.customers = new Customers(engine);
    }

    @AfterEach
    void drop() {
        customers.close();
    }

    @Test
    void whoeverWaitsForALockIsCounted() throws Exception {
        customers.rows(1);
        ThrottleSignal signal = ServerSignals.lockWaiters(customers.database.dataSource(), customers.dialect, 5);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection first = customers.database.connect();
                Statement statement = first.createStatement()) {
            first.setAutoCommit(false);
            statement.executeUpdate("UPDATE customer SET name = 'locked'");
            Future<?> second =
                    thread.submit(() -> customers.database.execute("UPDATE customer SET name = 'came later'"));

            await().atMost(Duration.ofSeconds(20)).until(() -> signal.read() >= 1);

            first.commit();
            second.get(20, TimeUnit.SECONDS);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void theLogIsMeasuredFromOneReadingToTheNext() throws Exception {
        ThrottleSignal signal = ServerSignals.logRate(customers.database.dataSource(), customers.dialect, 50L << 20);
        assertThat(signal.read()).as("the first reading").isZero();

        customers.rows(1_000);

        assertThat(signal.read()).isPositive();
        assertThat(signal.limit()).isEqualTo(50);
    }

    @Test
    void aRateIsThatOfTheTimeBetweenAndNeverNegative() throws SQLException {
        AtomicLong written = new AtomicLong(1L << 30);
        AtomicLong now = new AtomicLong(Long.MAX_VALUE);
        try (Connection connection = customers.database.connect();
                Statement statement = connection.createStatement()) {
            ServerSignals.Rising rising = new ServerSignals.Rising(any -> written.get(), now::get);
            assertThat(rising.read(statement)).isZero();
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            written.addAndGet((long) (30 * MEBIBYTE));
            assertThat(rising.read(statement)).isCloseTo(15, within(1e-6));
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            written.set(0);
            assertThat(rising.read(statement))
                    .as("of a server that counts anew")
                    .isZero();
        }
    }

    @Test
    void whatIsNotCleanedUpOrArchivedIsTold() throws Exception {
        ThrottleSignal signal = customers.engine == Engine.POSTGRESQL
                ? ServerSignals.archiveBacklog(customers.database.dataSource(), 10)
                : ServerSignals.historyList(customers.database.dataSource(), 1_000_000);

        assertThat(signal.read()).isNotNegative();
    }

    @Test
    void aUserWhoMayNotSeeItIsNotToldThatThereIsNone() throws Exception {
        String blind = "blind_" + customers.database.name();
        HikariConfig config = new HikariConfig();
        config.setMaximumPoolSize(1);
        if (customers.engine == Engine.POSTGRESQL) {
            customers.database.execute("CREATE ROLE " + blind);
            config.setDataSource(customers.database.dataSource());
            config.setConnectionInitSql("SET ROLE " + blind);
        } else {
            customers.database.execute(
                    "CREATE USER " + blind + " IDENTIFIED BY 'blind'",
                    "GRANT SELECT ON `" + customers.database.name() + "`.* TO " + blind);
            config.setJdbcUrl(customers.database.url());
            config.setUsername(blind);
            config.setPassword("blind");
        }
        try (HikariDataSource source = new HikariDataSource(config)) {
            ThrottleSignal signal = customers.engine == Engine.POSTGRESQL
                    ? ServerSignals.archiveBacklog(source, 10)
                    : ServerSignals.historyList(source, 1_000_000);
            assertThatThrownBy(signal::read)
                    .hasMessageContaining(customers.engine == Engine.POSTGRESQL ? "permission denied" : "PROCESS");
        } finally {
            customers.database.execute((customers.engine == Engine.POSTGRESQL ? "DROP ROLE " : "DROP USER ") + blind);
        }
    }
}

package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.ThrottleSignal;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** An application slows its backfill down by its pool, by a signal of its own and by its hours, and can see which it was. */
@EachDatabase
class ThrottledApplicationTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration FOR_A_WHILE = Duration.ofSeconds(2);
    private static final String CHANGE = "customer-full-name";
    private static final int ROWS = 5_000;
    private static final String STOPPED = "the throttle (stopped): ";

    private final TestDatabase database;

    ThrottledApplicationTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))",
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, 'name ' || g, NULL FROM generate_series(1, " + ROWS + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 10000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + ROWS
                                + ") SELECT n, CONCAT('name ', n), NULL FROM g");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Renamed {}

    /** A signal as an application has it: what it measures is its own business. */
    static final class OrderQueue implements ThrottleSignal {

        private volatile double length = 120;

        @Override
        public String name() {
            return "the queue of orders";
        }

        @Override
        public String unit() {
            return "orders";
        }

        @Override
        public double limit() {
            return 100;
        }

        @Override
        public double read() {
            return length;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Queued extends Renamed {

        @Bean
        OrderQueue orderQueue() {
            return new OrderQueue();
        }
    }

    /** Its pass is slow, and nothing slows it down but what a test sets. */
    private ApplicationContextRunner application(Class<?> configuration, String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(configuration)
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.username(),
                        "spring.datasource.password=" + database.password(),
                        "spring.jpa.hibernate.ddl-auto=none",
                        "segue.node=shop-1",
                        "segue.lease=3s",
                        "segue.throttle.max-replication-lag=0s",
                        "segue.throttle.max-active-sessions=0",
                        "segue.throttle.max-commit-latency=0s",
                        "segue.throttle.max-statement-latency=0s",
                        "segue.changes." + CHANGE + ".phase=dual-write",
                        "segue.changes." + CHANGE + ".backfill.max-rows-per-second=100")
                .withPropertyValues(properties);
    }

    private static ChangeJson change(SegueEndpoint endpoint) {
        return Objects.requireNonNull(endpoint.change(CHANGE));
    }

    private static void awaitStopped(SegueEndpoint endpoint, String reason) {
        await().atMost(LONG).untilAsserted(() -> {
            ChangeJson.BackfillJson backfill = change(endpoint).backfill();
            assertThat(backfill.throttle()).isEqualTo(STOPPED + reason);
            assertThat(backfill.speed()).isZero();
        });
    }

    private long filled() {
        return database.value("SELECT count(*) FROM customer WHERE full_name IS NOT NULL", Long.class);
    }

    private void staysAt(long filled) {
        await().during(FOR_A_WHILE).atMost(LONG).until(() -> filled() == filled);
    }

    private void goesOnFrom(long filled) {
        await().atMost(LONG).until(() -> filled() > filled);
    }

    @Test
    void aSignalOfItsOwnAndThreadsThatWaitForItsPoolStopAPassAndAreNamedWithTheirValues() {
        application(
                        Queued.class,
                        "segue.throttle.max-waiting-threads=2",
                        "spring.datasource.hikari.maximum-pool-size=1",
                        "spring.datasource.hikari.connection-timeout=240000")
                .run(context -> {
                    SegueEndpoint endpoint = new SegueEndpoint(context.getBean(SegueNodes.class));
                    awaitStopped(endpoint, "the queue of orders is 120 of 100 orders");
                    theRangeIsToldAsTheSchemaHasIt(change(endpoint));
                    staysAt(0);

                    context.getBean(OrderQueue.class).length = 0;
                    goesOnFrom(0);

                    try (Crowd crowd = new Crowd(context.getBean(DataSource.class), 3)) {
                        awaitStopped(endpoint, "the number of threads that wait for a connection is 3 of 2 threads");
                        long before = filled();
                        staysAt(before);

                        crowd.leave();
                        goesOnFrom(before);
                    }
                    await().atMost(LONG)
                            .until(() -> change(endpoint).backfill().ranges().stream()
                                    .anyMatch(range -> range.state().equals("running") && range.rowsPerSecond() > 0));
                });
    }

    private static void theRangeIsToldAsTheSchemaHasIt(ChangeJson change) throws IOException {
        ChangeJson.BackfillJson backfill = change.backfill();
        assertThat(backfill.rangesTotal()).isEqualTo(1);
        assertThat(backfill.ranges()).singleElement().satisfies(range -> {
            assertThat(range.site()).isEqualTo("customer");
            assertThat(range.state()).isEqualTo("held");
            assertThat(range.node()).isEqualTo("shop-1");
            assertThat(range.waitingFor()).isEqualTo(backfill.throttle());
            assertThat(range.rowsDone()).isZero();
        });
        EndpointSchema.check("#/$defs/change", JsonMapper.builder().build().writeValueAsString(change));
    }

    /** Threads that want a connection while another has the only one. */
    private static final class Crowd implements AutoCloseable {

        private final Connection only;
        private final ExecutorService threads;
        private final List<Future<?>> waiting = new ArrayList<>();

        Crowd(DataSource pool, int size) throws SQLException {
            only = pool.getConnection();
            threads = Executors.newFixedThreadPool(size);
            for (int i = 0; i < size; i++) {
                waiting.add(threads.submit(() -> {
                    pool.getConnection().close();
                    return null;
                }));
            }
        }

        void leave() throws Exception {
            only.close();
            for (Future<?> one : waiting) {
                one.get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
        }

        @Override
        public void close() throws SQLException {
            only.close();
            threads.shutdownNow();
        }
    }

    @Test
    void outsideOfItsHoursAPassRestsAndTheHoursAreNamed() {
        LocalTime later = LocalTime.now(ZoneOffset.UTC).plusHours(6).truncatedTo(ChronoUnit.MINUTES);
        String hours = later + "-" + later.plusHours(1) + " UTC";
        application(Renamed.class, "segue.throttle.hours=" + hours).run(context -> {
            SegueEndpoint endpoint = new SegueEndpoint(context.getBean(SegueNodes.class));
            awaitStopped(endpoint, "it is not " + hours);
            staysAt(0);
        });
    }
}

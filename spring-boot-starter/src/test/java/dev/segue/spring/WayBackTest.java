package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.ChangeStatus;
import dev.segue.RequestSource;
import dev.segue.Segue;
import dev.segue.fleet.Request;
import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.spring.renamed.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.watch.Limits;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/**
 * An application whose new column is slow or fails goes back by itself, under traffic, and does not for noise. With {@code
 * -Dsegue.wayback.runs=20 -Dsegue.test.timeout=6h} each case is run twenty times, with the limits that an application has that sets none, and how
 * long it took is printed.
 */
@EachDatabase
class WayBackTest {

    private static final Logger log = LoggerFactory.getLogger(WayBackTest.class);

    private static final int RUNS = Integer.getInteger("segue.wayback.runs", 0);
    private static final int ROWS = 30_000;
    private static final String CHANGE = "customer-full-name";

    /** The issue's own: slow or failing, the fleet is back within this time. */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final Duration LONG = Duration.ofSeconds(90);

    private final TestDatabase database;
    private final Engine engine;

    /** The measurements of the watch: three in a row send back. */
    private static final Duration WINDOW = RUNS > 0 ? Limits.DEFAULT.window() : Duration.ofSeconds(2);

    /** Where the node may go, unless the watch says otherwise. */
    private volatile Phase flag = Phase.DUAL_WRITE;

    WayBackTest(Engine engine) {
        this.engine = engine;
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))",
                engine == Engine.POSTGRESQL
                        ? "INSERT INTO customer SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g"
                        : "INSERT INTO customer WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 1000000) */ 1"
                                + " UNION ALL SELECT n + 1 FROM g WHERE n < " + ROWS
                                + ") SELECT n, CONCAT('name ', n) FROM g",
                "CREATE INDEX customer_name ON customer (name)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = Customer.class)
    static class Renamed {}

    private interface Body {
        void run(Segue node) throws Exception;
    }

    private void application(Body body) {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(Renamed.class)
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.username(),
                        "spring.datasource.password=" + database.password(),
                        "spring.jpa.hibernate.ddl-auto=none",
                        "segue.lease=3s",
                        "segue.schema.lock-pause=50ms..200ms",
                        "segue.changes." + CHANGE + ".shadow-for=0s",
                        "segue.changes." + CHANGE + ".watch.enabled=true",
                        // Only sooner: what is slow by less than an application is told of would be noise here as well.
                        "segue.changes." + CHANGE + ".watch.window=" + WINDOW)
                .withBean("flags", RequestSource.class, () -> change -> Optional.of(flag.id()))
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    try (Traffic traffic = new Traffic(context.getBean(EntityManagerFactory.class))) {
                        body.run(node);
                        assertThat(traffic.isAlive()).isTrue();
                    }
                });
    }

    /**
     * Threads that look customers up by name, and write some. Without an index a look-up reads the table thirty times: it is
     * slow on a machine that is busy with other things too.
     */
    private static final class Traffic implements AutoCloseable {

        private final List<Thread> threads = new ArrayList<>();
        private volatile boolean on = true;

        Traffic(EntityManagerFactory factory) {
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> run(factory), "traffic-" + i);
                thread.start();
                threads.add(thread);
            }
        }

        private void run(EntityManagerFactory factory) {
            while (on) {
                long id = ThreadLocalRandom.current().nextLong(1, ROWS + 1L);
                try {
                    Thread.sleep(2);
                    factory.runInTransaction(entities -> {
                        entities.createQuery(
                                        "select count(b) from Customer a, Customer b where a.id between :id and :id + 30"
                                                + " and b.fullName >= a.fullName and b.fullName <= a.fullName",
                                        Long.class)
                                .setParameter("id", id)
                                .getSingleResult();
                        if (id % 4 == 0) {
                            entities.createQuery("update Customer set fullName = :name where id = :id")
                                    .setParameter("name", "name " + id)
                                    .setParameter("id", id)
                                    .executeUpdate();
                        }
                    });
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    // A user would see it; the watch counts it.
                    log.debug("A request has failed", e);
                }
            }
        }

        boolean isAlive() {
            return threads.stream().allMatch(Thread::isAlive);
        }

        @Override
        public void close() {
            on = false;
            await().atMost(LONG).until(() -> threads.stream().noneMatch(Thread::isAlive));
        }
    }

    private static ChangeStatus status(Segue node) {
        return node.status().get(0);
    }

    private static void awaitPhase(Segue node, Phase phase) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).phase())
                        .as(() -> String.valueOf(status(node).held()))
                        .isEqualTo(phase));
    }

    /** Long enough for a phase to be known. */
    private static void stays(Segue node, Phase phase, Duration time) {
        await().during(time)
                .atMost(time.plusSeconds(20))
                .until(() -> status(node).phase() == phase
                        && !status(node).requestedBy().equals("watch"));
    }

    private static void goesBack(Segue node, String why) {
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(status(node).requestedBy())
                    .as(() -> status(node).phase() + " " + status(node).held())
                    .isEqualTo("watch");
            assertThat(status(node).phase().reads()).isEqualTo(Side.OLD);
        });
        assertThat(status(node).requests().strongest().why()).contains(why);
    }

    private void dropIndex() {
        String index = database.value(
                engine == Engine.POSTGRESQL
                        ? "SELECT indexname FROM pg_indexes WHERE tablename = 'customer' AND indexdef LIKE '%(full_name)%'"
                        : "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'customer' AND column_name = 'full_name'",
                String.class);
        database.execute("DROP INDEX " + index + (engine == Engine.POSTGRESQL ? "" : " ON customer"));
    }

    /** What happens to the new column. */
    private enum Trouble {
        SLOW("of the statements take more than"),
        FAILING("of the transactions are rolled back"),
        NOISE("");

        private final String why;

        Trouble(String why) {
            this.why = why;
        }
    }

    /** Where an application is when something happens. */
    private record Case(Phase phase, Trouble trouble) {}

    private static final List<Case> ALL = List.of(
            new Case(Phase.READ_NEW, Trouble.SLOW),
            new Case(Phase.READ_NEW, Trouble.FAILING),
            new Case(Phase.NEW_ONLY, Trouble.SLOW),
            new Case(Phase.NEW_ONLY, Trouble.FAILING),
            new Case(Phase.READ_NEW, Trouble.NOISE),
            new Case(Phase.NEW_ONLY, Trouble.NOISE));

    @Test
    void aColumnThatIsSlowOrFailsIsLeftAgainAndOneThatIsNotIsNot() {
        application(node -> {
            if (RUNS == 0) {
                // Day by day a database takes one of the ways.
                goesUpAndBack(node, engine == Engine.POSTGRESQL ? ALL.get(0) : ALL.get(2));
                return;
            }
            Map<Case, List<Double>> seconds = new LinkedHashMap<>();
            for (int run = 0; run < RUNS; run++) {
                for (Case what : ALL) {
                    double took = goesUpAndBack(node, what).toMillis() / 1e3;
                    seconds.computeIfAbsent(what, first -> new ArrayList<>()).add(took);
                }
            }
            System.out.printf("%s: seconds to the way back: %s%n", engine, seconds);
        });
    }

    /** @return how long it took from the trouble to where OLD is read again; none if it was only noise */
    private Duration goesUpAndBack(Segue node, Case what) throws Exception {
        awaitPhase(node, Phase.DUAL_WRITE);
        await().atMost(LONG).until(() -> status(node).record().situation().sealed(Side.NEW));
        stays(node, Phase.DUAL_WRITE, WINDOW.multipliedBy(4));
        flag = what.phase();
        awaitPhase(node, what.phase());
        if (what.trouble() == Trouble.NOISE) {
            try (Noise noise = new Noise(database)) {
                stays(node, what.phase(), WINDOW.multipliedBy(8));
                assertThat(noise.count()).isPositive();
            }
            flag = Phase.DUAL_WRITE;
            return Duration.ZERO;
        }
        stays(node, what.phase(), Duration.ofSeconds(5));

        long since = System.nanoTime();
        if (what.trouble() == Trouble.SLOW) {
            dropIndex();
        } else {
            database.execute("ALTER TABLE customer RENAME COLUMN full_name TO gone");
        }
        goesBack(node, what.trouble().why);
        Duration took = Duration.ofNanos(System.nanoTime() - since);
        if (what.trouble() == Trouble.SLOW) {
            database.execute("CREATE INDEX customer_full_name_again ON customer (full_name)");
        } else {
            database.execute("ALTER TABLE customer RENAME COLUMN gone TO full_name");
        }

        stays(node);
        flag = Phase.DUAL_WRITE;
        assertThat(node.clearRequests(CHANGE, "ann"))
                .extracting(Request::source)
                .containsExactly(Source.WATCH);
        return took;
    }

    /** What happens on a busy day: the machine is taken for a second, rows are locked for a moment. */
    private static final class Noise implements AutoCloseable {

        private final TestDatabase database;
        private final Thread thread = new Thread(this::run, "noise");
        private final AtomicInteger count = new AtomicInteger();
        private volatile boolean on = true;

        Noise(TestDatabase database) {
            this.database = database;
            thread.start();
        }

        private void run() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            try (Connection connection = database.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                while (on) {
                    if (random.nextBoolean()) {
                        burn(Duration.ofMillis(random.nextLong(200, 1_500)));
                    } else {
                        long from = random.nextLong(ROWS);
                        statement
                                .executeQuery("SELECT id FROM customer WHERE id BETWEEN " + from + " AND "
                                        + (from + 2_000) + " FOR UPDATE")
                                .close();
                        Thread.sleep(random.nextLong(50, 500));
                        connection.rollback();
                    }
                    count.incrementAndGet();
                    Thread.sleep(random.nextLong(100, 2_000));
                }
            } catch (SQLException | InterruptedException e) {
                log.warn("The noise has ended", e);
            }
        }

        private static void burn(Duration time) throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            long until = System.nanoTime() + time.toNanos();
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                Thread burning = new Thread(
                        () -> {
                            while (System.nanoTime() < until) {
                                Thread.onSpinWait();
                            }
                        },
                        "burn-" + i);
                burning.start();
                threads.add(burning);
            }
            for (Thread burning : threads) {
                burning.join();
            }
        }

        int count() {
            return count.get();
        }

        @Override
        public void close() {
            on = false;
            await().atMost(LONG).until(() -> !thread.isAlive());
        }
    }

    /** Until an operator clears the request, the fleet stays where it is, although all is well again. */
    private static void stays(Segue node) {
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(20))
                .until(() -> status(node).requestedBy().equals("watch")
                        && status(node).phase().reads() == Side.OLD);
    }
}

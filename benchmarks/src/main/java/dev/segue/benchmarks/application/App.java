package dev.segue.benchmarks.application;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Phase;
import dev.segue.spring.SegueNodes;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.hibernate.SessionFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** One Spring Boot application on a database of its own. */
final class App implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** How the tables of one application are made, and which entities it has. */
    enum Kind {
        PLAIN(Plain.class, false, true),
        BY_HAND(ByHand.class, true, true),
        EVOLVING(Evolving.class, true, false);

        private final Class<?> configuration;
        private final boolean old;
        private final boolean current;

        Kind(Class<?> configuration, boolean old, boolean current) {
            this.configuration = configuration;
            this.old = old;
            this.current = current;
        }

        List<String> columns(List<String> before, List<String> after) {
            List<String> columns = new ArrayList<>();
            if (old) {
                columns.addAll(before);
            }
            if (current) {
                columns.addAll(after);
            }
            return columns;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.benchmarks.application.plain.Customer.class)
    static class Plain {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.benchmarks.application.byhand.Customer.class)
    static class ByHand {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.benchmarks.application.evolving.Customer.class)
    static class Evolving {}

    private final TestDatabase database;
    private final ConfigurableApplicationContext context;

    private App(TestDatabase database, ConfigurableApplicationContext context) {
        this.database = database;
        this.context = context;
    }

    static App start(DatabaseServer server, Kind kind, String... properties) {
        TestDatabase database = server.createDatabase();
        create(database, "Customer", kind.columns(List.of("name"), List.of("full_name")));
        create(
                database,
                "Account",
                kind.columns(
                        List.of("first", "last", "street", "town"),
                        List.of("first_name", "last_name", "street_name", "town_name")));
        List<String> all = new ArrayList<>(List.of(
                "spring.datasource.url=" + database.url(),
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password(),
                "spring.flyway.enabled=false",
                "spring.batch.job.enabled=false",
                "spring.main.banner-mode=off",
                "spring.jpa.properties.hibernate.jdbc.batch_size=50",
                "spring.jpa.properties.hibernate.order_updates=true",
                "logging.level.root=warn",
                "segue.lease=3s",
                "segue.enabled=" + (kind == Kind.EVOLVING)));
        all.addAll(List.of(properties));
        return new App(
                database,
                new SpringApplicationBuilder(kind.configuration)
                        .web(WebApplicationType.NONE)
                        .properties(all.toArray(String[]::new))
                        .run());
    }

    private static void create(TestDatabase database, String table, List<String> columns) {
        String types = String.join(
                ", ", columns.stream().map(column -> column + " varchar(200)").toList());
        database.execute("CREATE TABLE " + table.toLowerCase(java.util.Locale.ROOT) + " (id bigint PRIMARY KEY, "
                + types + ", note varchar(200))");
    }

    TestDatabase database() {
        return database;
    }

    SessionFactory sessions() {
        return context.getBean(EntityManagerFactory.class).unwrap(SessionFactory.class);
    }

    /** Lets every change go there, and waits until all are. */
    void moveTo(Phase phase) throws SQLException {
        Segue node = context.getBean(SegueNodes.class).all().get(0);
        for (ChangeStatus status : node.status()) {
            if (status.requested() != phase) {
                node.request(status.change().id(), phase, "benchmark");
            }
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!node.status().stream().allMatch(status -> isSettled(status, phase))) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Not in " + phase + ": "
                        + node.status().stream().map(ChangeStatus::held).toList());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** There, and nothing on the way any more. */
    private static boolean isSettled(ChangeStatus status, Phase phase) {
        return status.phase() == phase
                && status.held().isEmpty()
                && (phase == Phase.OLD_ONLY || status.record().situation().sealedNew());
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}

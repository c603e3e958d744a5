package dev.segue.benchmarks.application;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Phase;
import dev.segue.spring.SegueNodes;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.spi.PersistenceProvider;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.hibernate.SessionFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/** One Spring Boot application on a database of its own. */
public final class App implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final TestDatabase database;
    private final ConfigurableApplicationContext context;

    private App(TestDatabase database, ConfigurableApplicationContext context) {
        this.database = database;
        this.context = context;
    }

    /**
     * @param database with the tables; dropped with the application
     * @param configuration says where the entities are
     */
    public static App start(TestDatabase database, Class<?> configuration, String... properties) {
        List<String> all = new ArrayList<>(properties(database));
        all.addAll(List.of(properties));
        return new App(
                database,
                new SpringApplicationBuilder(configuration)
                        .web(WebApplicationType.NONE)
                        .properties(all.toArray(String[]::new))
                        .run());
    }

    /** What every application of the benchmarks is told. */
    public static List<String> properties(TestDatabase database) {
        return List.of(
                "spring.datasource.url=" + database.url(),
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password(),
                "spring.flyway.enabled=false",
                "spring.batch.job.enabled=false",
                "spring.main.banner-mode=off",
                "spring.jpa.properties.hibernate.jdbc.batch_size=50",
                "spring.jpa.properties.hibernate.order_updates=true",
                "logging.level.root=warn",
                "segue.lease=3s");
    }

    public TestDatabase database() {
        return database;
    }

    public SessionFactory sessions() {
        return context.getBean(EntityManagerFactory.class).unwrap(SessionFactory.class);
    }

    /** Has Hibernate build what it has built at the start once more, from the same entities. To be closed by who asks. */
    public SessionFactory buildSessions() {
        LocalContainerEntityManagerFactoryBean bean = context.getBean(LocalContainerEntityManagerFactoryBean.class);
        PersistenceProvider provider = Objects.requireNonNull(bean.getPersistenceProvider());
        return provider.createContainerEntityManagerFactory(
                        Objects.requireNonNull(bean.getPersistenceUnitInfo()), bean.getJpaPropertyMap())
                .unwrap(SessionFactory.class);
    }

    /** Its node of the fleet, if it has changes. */
    public Segue node() {
        return context.getBean(SegueNodes.class).all().get(0);
    }

    /** Lets every change go there, and waits until all are, and nothing is on the way any more. */
    public void moveTo(Phase phase) throws SQLException {
        for (ChangeStatus status : node().status()) {
            if (status.requested() != phase) {
                node().request(status.change().id(), phase, "benchmark");
            }
        }
        await(status -> status.phase() == phase
                && status.held().isEmpty()
                && (phase == Phase.OLD_ONLY || status.record().situation().sealedNew()));
    }

    /** Waits until every change is so. */
    public void await(Predicate<ChangeStatus> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!node().status().stream().allMatch(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("It goes no further: "
                        + node().status().stream()
                                .map(status -> status.phase() + " " + status.held())
                                .toList());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}

package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.StartRefusedException;
import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.spring.renamed.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.jpa.boot.spi.IntegratorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.support.OpenEntityManagerInViewInterceptor;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.web.context.request.ServletWebRequest;

/** What Spring holds of a session factory goes from phase to phase with it, in each persistence unit by itself. */
@EachDatabase
class LiveSwitchTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestDatabase database;

    LiveSwitchTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))",
                "CREATE TABLE account (id bigint PRIMARY KEY, credit numeric(10,2) NOT NULL, code integer)",
                "INSERT INTO customer VALUES (1, 'Ann')");
    }

    @AfterEach
    void close() {
        database.close();
    }

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
                        "spring.jpa.properties.hibernate.generate_statistics=true",
                        "segue.lease=3s")
                .withPropertyValues(properties);
    }

    /** Lets the factory of a phase fail when it is built. */
    static final class Fragile implements HibernatePropertiesCustomizer, Integrator {

        final AtomicBoolean broken = new AtomicBoolean(true);

        @Override
        public void customize(java.util.Map<String, Object> properties) {
            properties.put("hibernate.integrator_provider", (IntegratorProvider) () -> List.of(this));
        }

        @Override
        public void integrate(Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
            Object layout = context.getServiceRegistry()
                    .requireService(ConfigurationService.class)
                    .getSettings()
                    .get("dev.segue.layout");
            if (broken.get() && layout instanceof Layout next && next.phase("customer-full-name") == Phase.DUAL_WRITE) {
                throw new IllegalStateException("no room for another factory");
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = Customer.class)
    static class Renamed {

        @Bean
        Fragile fragile() {
            return new Fragile();
        }
    }

    private static Phases draining(Segue node) {
        return node.status().get(0).record().situation().participants().stream()
                .map(Participant::draining)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRequestWithAnOpenViewAMeterAndAFactoryThatFailsOnce() {
        application(Renamed.class, "segue.changes.customer-full-name.phase=dual-write")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    SimpleMeterRegistry meters = new SimpleMeterRegistry();
                    hibernateMetrics(factory).bindTo(meters);

                    await().atMost(LONG)
                            .untilAsserted(() -> assertThat(node.status().get(0).held())
                                    .anySatisfy(held -> assertThat(held.message())
                                            .contains("cannot be built", "no room for another factory")));
                    assertThat(node.status().get(0).phase()).isEqualTo(Phase.OLD_ONLY);
                    factory.runInTransaction(manager -> manager.find(Customer.class, 1L));
                    double loaded = loads(meters);
                    assertThat(loaded).isEqualTo(1);

                    OpenEntityManagerInViewInterceptor view = new OpenEntityManagerInViewInterceptor();
                    view.setEntityManagerFactory(factory);
                    ServletWebRequest request = new ServletWebRequest(new MockHttpServletRequest());
                    view.preHandle(request);
                    context.getBean(Fragile.class).broken.set(false);
                    await().atMost(LONG).until(() -> node.status().get(0).phase() == Phase.DUAL_WRITE);
                    assertThat(node.status().get(0).held())
                            .noneMatch(held -> held.message().contains("cannot be built"));
                    await().atMost(LONG).until(() -> draining(node).equals(Phases.of(Phase.OLD_ONLY)));
                    context.getBean(EntityManager.class).find(Customer.class, 1L);
                    view.afterCompletion(request, null);
                    await().atMost(LONG).until(() -> draining(node).isEmpty());

                    factory.runInTransaction(manager -> manager.find(Customer.class, 1L));
                    assertThat(loads(meters)).isEqualTo(3);
                });
    }

    /** Micrometer's own. It cannot be named here: another of its constructors needs a class that is long gone. */
    private static MeterBinder hibernateMetrics(EntityManagerFactory factory) throws Throwable {
        return (MeterBinder) MethodHandles.publicLookup()
                .findConstructor(
                        Class.forName("io.micrometer.core.instrument.binder.jpa.HibernateMetrics"),
                        MethodType.methodType(void.class, SessionFactory.class, String.class, Iterable.class))
                .invoke(factory.unwrap(SessionFactory.class), "shop", List.of());
    }

    private static double loads(SimpleMeterRegistry meters) {
        return meters.get("hibernate.entities.loads").functionCounter().count();
    }

    @Configuration(proxyBeanMethods = false)
    static class Units {

        static LocalContainerEntityManagerFactoryBean unit(String name, DataSource dataSource, Class<?> entity) {
            LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
            bean.setPersistenceUnitName(name);
            bean.setDataSource(dataSource);
            bean.setPackagesToScan(entity.getPackageName());
            bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
            return bean;
        }

        @Bean
        @Primary
        LocalContainerEntityManagerFactoryBean plain(DataSource dataSource) {
            return unit("plain", dataSource, dev.segue.spring.plain.Customer.class);
        }

        @Bean
        LocalContainerEntityManagerFactoryBean customers(DataSource dataSource) {
            return unit("customers", dataSource, Customer.class);
        }

        @Bean
        LocalContainerEntityManagerFactoryBean accounts(DataSource dataSource) {
            return unit("accounts", dataSource, dev.segue.spring.converted.Account.class);
        }
    }

    @Test
    void eachPersistenceUnitGoesThroughItsOwnChanges() {
        application(
                        Units.class,
                        "segue.changes.customer-full-name.phase=dual-write",
                        "segue.changes.credit.phase=dual-write")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    List<Segue> nodes = context.getBean(SegueNodes.class).all();
                    assertThat(nodes)
                            .extracting(node -> node.status().stream()
                                    .map(status -> status.change().id())
                                    .sorted()
                                    .toList())
                            .containsExactlyInAnyOrder(List.of("customer-full-name"), List.of("credit", "tier"));
                    await().atMost(LONG)
                            .until(() -> nodes.stream()
                                    .flatMap(node -> node.status().stream())
                                    .filter(status -> !status.change().id().equals("tier"))
                                    .allMatch(status -> status.phase() == Phase.DUAL_WRITE));
                    assertThat(nodes.stream()
                                    .flatMap(node -> node.status().stream())
                                    .filter(status -> status.change().id().equals("tier")))
                            .extracting(ChangeStatus::phase)
                            .containsExactly(Phase.OLD_ONLY);
                });
    }

    @Test
    void aChangeThatNoPersistenceUnitDeclaresIsRefused() {
        application(Units.class, "segue.changes.credti.phase=dual-write").run(context -> {
            Throwable failure = context.getStartupFailure();
            assertThat(failure).hasRootCauseInstanceOf(StartRefusedException.class);
            assertThat(failure).hasStackTraceContaining("segue.changes.credti");
        });
    }
}

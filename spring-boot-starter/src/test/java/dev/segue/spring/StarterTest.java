package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import dev.segue.RequestSource;
import dev.segue.Segue;
import dev.segue.StartRefusedException;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.spring.plain.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The starter in an application: started, left alone, or refused with everything that is wrong. */
@EachDatabase
class StarterTest {

    private final TestDatabase database;

    StarterTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), nick varchar(200))");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = Customer.class)
    static class Plain {}

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Renamed {}

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = dev.segue.spring.missing.Customer.class)
    static class Mistaken {}

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = dev.segue.spring.unfit.Customer.class)
    static class Unfit {}

    private ApplicationContextRunner application(Class<?> configuration, String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        HibernateJpaAutoConfiguration.class,
                        FlywayAutoConfiguration.class,
                        SegueOpenFeatureAutoConfiguration.class,
                        SegueAutoConfiguration.class))
                .withUserConfiguration(configuration)
                .withPropertyValues(
                        "spring.datasource.url=" + database.url(),
                        "spring.datasource.username=" + database.username(),
                        "spring.datasource.password=" + database.password(),
                        "spring.flyway.enabled=false",
                        "spring.jpa.hibernate.ddl-auto=validate",
                        "segue.lease=3s")
                .withPropertyValues(properties);
    }

    private List<String> tables() {
        return database
                .rows("SELECT table_name AS t FROM information_schema.tables WHERE table_name LIKE 'segue%'"
                        + " AND table_schema IN ('public', '" + database.name() + "')")
                .stream()
                .map(row -> String.valueOf(row.values().iterator().next()))
                .toList();
    }

    private static FailureAnalysis analysis(@Nullable Throwable failure) {
        assertThat(failure).hasRootCauseInstanceOf(StartRefusedException.class);
        return Objects.requireNonNull(new StartRefusedFailureAnalyzer().analyze(Objects.requireNonNull(failure)));
    }

    @Test
    void anApplicationWithoutChangesIsLeftAlone() {
        application(Plain.class).run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(SegueNodes.class).all()).isEmpty();
            assertThat(tables()).isEmpty();
        });
    }

    /** Which is right when the change is over, and only then. */
    @Test
    void anApplicationThatTurnsSegueOffIsToldWhatThatMeans() {
        database.execute("ALTER TABLE customer ADD COLUMN full_name varchar(200)");
        Logger log = (Logger) LoggerFactory.getLogger("dev.segue.hibernate.MarkBinding");
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        log.setLevel(Level.WARN);
        log.addAppender(told);

        application(Renamed.class, "segue.enabled=false").run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(tables()).isEmpty();
        });

        log.detachAppender(told);
        log.setLevel(null);
        assertThat(told.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anySatisfy(message -> assertThat(message)
                        .contains(
                                "carries fullName of dev.segue.spring.renamed.Customer through change 'customer-full-name'")
                        .contains("segue.enabled is false")
                        .contains("delete its @Replaces"));
    }

    @Test
    void aNodeStartsWithTheApplicationWalksAndLeavesWithIt() {
        application(Renamed.class, "segue.changes.customer-full-name.phase=dual-write")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    SegueEndpoint endpoint = new SegueEndpoint(context.getBean(SegueNodes.class));
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> Objects.requireNonNull(endpoint.change("customer-full-name"))
                                    .phase()
                                    .equals("dual-write"));
                    ChangeJson change = Objects.requireNonNull(endpoint.change("customer-full-name"));
                    assertThat(change.requestedBy()).isEqualTo("configuration");
                    assertThat(change.sites())
                            .containsExactly(
                                    new ChangeJson.SiteJson("customer", List.of("name"), List.of("full_name")));
                    assertThat(change.nodes()).hasSize(1);
                    assertThat(endpoint.change("no-such-change")).isNull();
                });

        assertThat(database.value("SELECT count(*) FROM segue_participant WHERE state = 'left'", Long.class))
                .isEqualTo(1L);
    }

    @Configuration(proxyBeanMethods = false)
    @EntityScan(basePackageClasses = dev.segue.spring.listened.Customer.class)
    static class Listened {}

    /** The session factory of the phase before, when it is closed, must not take what the next one uses with it. */
    @Test
    void whatSpringMakesForHibernateLastsAsLongAsTheApplication() {
        dev.segue.spring.listened.Customer.ENDED.set(0);
        application(Listened.class, "segue.changes.customer-full-name.phase=old-only")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
                    SessionFactory before = factory.callInTransaction(
                            manager -> manager.unwrap(Session.class).getSessionFactory());
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    node.request("customer-full-name", Phase.DUAL_WRITE, "ann");
                    await().atMost(Duration.ofSeconds(30)).until(before::isClosed);

                    assertThat(dev.segue.spring.listened.Customer.ENDED).hasValue(0);
                    factory.runInTransaction(manager -> {
                        dev.segue.spring.listened.Customer customer = new dev.segue.spring.listened.Customer();
                        customer.id = 7;
                        manager.persist(customer);
                    });
                    assertThat(database.value("SELECT name FROM customer WHERE id = 7", String.class))
                            .isEqualTo("listened to");
                });

        assertThat(dev.segue.spring.listened.Customer.ENDED).hasPositiveValue();
    }

    /** OpenFeature as an application sets it up: an API of its own, so that tests do not share the global one. */
    @Configuration(proxyBeanMethods = false)
    static class Flagged extends Renamed {

        @Bean
        InMemoryProvider provider() {
            return new InMemoryProvider(Map.of());
        }

        @Bean
        OpenFeatureAPI openFeature(InMemoryProvider provider) {
            OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
            api.setProviderAndWait(provider);
            return api;
        }
    }

    private static final String FLAG = "segue.customer-full-name";

    /** A flag that says this to the application shop, and nothing to any other. */
    private static Flag<String> sayingToShop(String phase) {
        return Flag.<String>builder()
                .variants(Map.of("shop", phase, "others", ""))
                .defaultVariant("others")
                .contextEvaluator((flag, context) -> context.getTargetingKey().equals("shop") ? phase : "")
                .build();
    }

    private static void awaitRequested(SegueEndpoint endpoint, String phase, String by) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            ChangeJson change = Objects.requireNonNull(endpoint.change("customer-full-name"));
            assertThat(List.of(change.requested(), change.requestedBy())).containsExactly(phase, by);
        });
    }

    @Test
    void aFlagOfOpenFeatureIsFollowedAndEvaluatedForTheApplication() {
        application(Flagged.class, "segue.changes.customer-full-name.phase=old-only", "spring.application.name=shop")
                .run(context -> {
                    SegueEndpoint endpoint = new SegueEndpoint(context.getBean(SegueNodes.class));
                    InMemoryProvider provider = context.getBean(InMemoryProvider.class);
                    awaitRequested(endpoint, "old-only", "configuration");

                    provider.updateFlag(FLAG, sayingToShop("dual-write"));
                    awaitRequested(endpoint, "dual-write", "flag");
                    assertThat(Objects.requireNonNull(endpoint.change("customer-full-name"))
                                    .requests())
                            .extracting(r -> r.source() + " " + r.by() + " " + r.phase())
                            .containsExactly(
                                    "flag segue.customer-full-name dual-write",
                                    "configuration segue.changes.customer-full-name.phase old-only");

                    provider.updateFlag(FLAG, sayingToShop("sideways"));
                    await().atMost(Duration.ofSeconds(30))
                            .untilAsserted(
                                    () -> assertThat(Objects.requireNonNull(endpoint.change("customer-full-name"))
                                                    .held())
                                            .anyMatch(held -> held.clause().equals("request")
                                                    && held.message().contains("sideways")));
                    awaitRequested(endpoint, "dual-write", "flag");

                    provider.updateFlag(FLAG, sayingToShop(""));
                    awaitRequested(endpoint, "old-only", "configuration");
                });
    }

    @Test
    void aFlagForAnotherApplicationSaysNothingToThisOne() {
        application(
                        Flagged.class,
                        "segue.changes.customer-full-name.phase=dual-write",
                        "spring.application.name=billing")
                .run(context -> {
                    context.getBean(InMemoryProvider.class).updateFlag(FLAG, sayingToShop("old-only"));
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    await().during(Duration.ofSeconds(2))
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> node.status().get(0).requestedBy().equals("configuration"));
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class NotReady extends Renamed {

        @Bean
        OpenFeatureAPI openFeature() {
            OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
            api.setProvider(new InMemoryProvider(Map.of()) {
                @Override
                public void initialize(EvaluationContext context) {
                    throw new IllegalStateException("no route to the flag service");
                }
            });
            return api;
        }
    }

    @Test
    void aProviderThatIsNotReadyLetsTheNodeStartByItsConfigurationAndIsTold() {
        application(NotReady.class, "segue.changes.customer-full-name.phase=dual-write")
                .run(context -> {
                    SegueEndpoint endpoint = new SegueEndpoint(context.getBean(SegueNodes.class));
                    awaitRequested(endpoint, "dual-write", "configuration");
                    await().atMost(Duration.ofSeconds(30))
                            .untilAsserted(
                                    () -> assertThat(Objects.requireNonNull(endpoint.change("customer-full-name"))
                                                    .held())
                                            .anyMatch(held -> held.clause().equals("request")
                                                    && held.message().contains(FLAG)
                                                    && held.message().contains("PROVIDER_")));
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> Objects.requireNonNull(endpoint.change("customer-full-name"))
                                    .phase()
                                    .equals("dual-write"));
                });
    }

    @Test
    void whereNobodyHasSetAProviderAndWhereOpenFeatureIsNotThereNoFlagSpeaks() {
        application(Renamed.class).run(context -> {
            Segue node = context.getBean(SegueNodes.class).all().get(0);
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> node.status().get(0).requestedBy().equals("configuration")
                            && node.status().get(0).held().isEmpty());
        });
        application(Renamed.class)
                .withClassLoader(new FilteredClassLoader("dev.openfeature"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(RequestSource.class);
                    assertThat(context.getBean(SegueNodes.class).all()).hasSize(1);
                });
    }

    @Test
    void anApplicationMayBringFlagsOfItsOwn() {
        application(Renamed.class, "segue.changes.customer-full-name.phase=dual-write")
                .withBean("flags", RequestSource.class, () -> change -> Optional.of("old-only"))
                .run(context ->
                        awaitRequested(new SegueEndpoint(context.getBean(SegueNodes.class)), "old-only", "flag"));
    }

    @Test
    void anExhaustedPoolOfTheApplicationFencesNobodyAndHoldsNothingUp() {
        application(
                        Renamed.class,
                        "segue.changes.customer-full-name.phase=dual-write",
                        "spring.datasource.hikari.maximum-pool-size=2")
                .run(context -> {
                    DataSource pool = context.getBean(DataSource.class);
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    long before = generation(node);
                    try (Connection first = pool.getConnection();
                            Connection second = pool.getConnection()) {
                        assertThat(first).isNotSameAs(second);
                        await().during(Duration.ofSeconds(5))
                                .atMost(Duration.ofSeconds(10))
                                .until(() -> !node.isFenced());
                        await().atMost(Duration.ofSeconds(30))
                                .until(() -> node.status().get(0).phase() == Phase.DUAL_WRITE);
                    }
                    assertThat(generation(node)).isEqualTo(before);
                });
    }

    @Test
    void aReplicaThatCannotBeAskedLetsTheNodeStartAndHoldsTheReadsOfTheNewColumn() {
        application(
                        Renamed.class,
                        "segue.changes.customer-full-name.phase=read-new",
                        "segue.changes.customer-full-name.shadow-for=0s",
                        "segue.changes.customer-full-name.guard=none",
                        "segue.throttle.max-replication-lag=0s",
                        "segue.throttle.max-waiting-threads=1000",
                        "segue.throttle.max-lock-waiters=1000",
                        "segue.throttle.max-log-rate=10GB",
                        "segue.throttle.max-archive-backlog=1000000",
                        "segue.throttle.max-history-list=100000000",
                        "segue.throttle.max-statement-latency=10m",
                        "segue.throttle.hours=00:00-23:59 UTC",
                        "segue.replicas=" + database.url().replaceFirst(":\\d+/", ":1/"))
                .run(context -> {
                    Segue node = context.getBean(SegueNodes.class).all().get(0);
                    await().atMost(Duration.ofSeconds(90))
                            .untilAsserted(() -> assertThat(node.status().get(0).held())
                                    .anySatisfy(held -> assertThat(held.message())
                                            .contains("nobody can tell whether replica jdbc:", ":1/")));
                    assertThat(node.status().get(0).phase().reads()).isEqualTo(Side.OLD);
                });
    }

    private static long generation(Segue node) {
        return node.status().get(0).record().members().get(0).generation();
    }

    @Test
    void anUnknownChangeAndAnUnknownPhaseAreToldTogetherBeforeAnythingIsChanged() {
        application(
                        Renamed.class,
                        "segue.changes.customer-full-name.phase=dual-wirte",
                        "segue.changes.customer-fullname.phase=dual-write")
                .run(context -> {
                    FailureAnalysis analysis = analysis(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .contains("segue.changes.customer-full-name.phase", "dual-wirte")
                            .contains("segue.changes.customer-fullname");
                    assertThat(analysis.getAction())
                            .contains("old-only, dual-write")
                            .contains("customer-full-name");
                });

        assertThat(tables()).isEmpty();
    }

    @Test
    void aColumnThatIsNotThereAndTwoChangesOnOneAreToldTogether() {
        application(Mistaken.class).run(context -> {
            FailureAnalysis analysis = analysis(context.getStartupFailure());
            assertThat(analysis.getDescription())
                    .contains("Customer.fullName", "customer.nmae")
                    .contains("customer-nick-name", "customer-short-name");
        });

        assertThat(tables()).isEmpty();
    }

    @Test
    void aSchemaToolThatChangesTablesIsRefused() {
        application(Renamed.class, "spring.jpa.hibernate.ddl-auto=update")
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .contains("spring.jpa.hibernate.ddl-auto", "update"));

        assertThat(tables()).isEmpty();
    }

    @Test
    void theSchemaToolIsRefusedUnderItsOtherNameToo() {
        String property = "spring.jpa.properties.jakarta.persistence.schema-generation.database.action";
        application(Renamed.class, property + "=drop-and-create")
                .run(context -> assertThat(analysis(context.getStartupFailure()).getDescription())
                        .contains(property, "drop-and-create"));

        assertThat(tables()).isEmpty();
    }

    @Test
    void everyPropertyThatCannotBeUnderstoodIsToldWithItsNameItsValueAndARemedy() {
        application(
                        Renamed.class,
                        "segue.unmet=wait",
                        "segue.lease=100ms",
                        "segue.schema.lock-pause=30s..5s",
                        "segue.changes.customer-full-name.guard=fence",
                        "segue.changes.customer-full-name.backfill.workers=0",
                        "segue.throttle.hours=at night",
                        "segue.replicas=postgresql://replica/shop?password=secret",
                        "segue.changes.customer-full-name.shadow-for=-1s",
                        "segue.changes.customer-full-name.contract-afer=1h",
                        "segue.schema.pasword=secret")
                .run(context -> {
                    FailureAnalysis analysis = analysis(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .contains("segue.changes.customer-full-name.contract-afer: (not shown)")
                            .contains("segue.schema.pasword", "There is no such property")
                            .contains("segue.unmet: wait")
                            .contains("segue.lease: PT0.1S")
                            .contains("segue.schema.lock-*", "30s..5s")
                            .contains("segue.changes.customer-full-name.guard: fence")
                            .contains("segue.changes.customer-full-name.backfill", "workers 0")
                            .contains("segue.throttle.hours: at night")
                            .contains("segue.replicas: postgresql://replica/shop")
                            .doesNotContain("secret")
                            .contains("segue.changes.customer-full-name.shadow-for: PT-1S");
                    assertThat(analysis.getAction())
                            .contains("hold, fail")
                            .contains("1s or more")
                            .contains("trigger, none")
                            .contains("0s or more");
                });

        assertThat(tables()).isEmpty();
    }

    @Test
    void aMappingThatCannotBeFollowedIsToldWithItsConfiguration() {
        application(Unfit.class, "segue.changes.customer-full-name.phase=sideways")
                .run(context -> {
                    FailureAnalysis analysis = analysis(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .contains("unfit.Customer.fullName", "customer.name", "is mapped by")
                            .contains("segue.changes.customer-full-name.phase: sideways");
                    assertThat(analysis.getAction()).contains("Let only the attribute of the change");
                });

        assertThat(tables()).isEmpty();
    }
}

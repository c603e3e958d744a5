package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.Segue;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.json.JsonMapper;

/** What an application that has gone all the way tells those who operate it. */
class OperatingTest {

    private static final String CHANGE = "customer-full-name";
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Path DOCS = Path.of("..", "docs");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Application {

        final Queue<SegueEvent> events = new ConcurrentLinkedQueue<>();

        @EventListener
        void heard(SegueEvent event) {
            events.add(event);
        }
    }

    /** The same application after the annotation has been deleted, and not the configuration yet. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.spring.plain.Customer.class)
    static class Cleaned {}

    private static TestDatabase database;
    private static ConfigurableApplicationContext context;

    @BeforeAll
    static void goAllTheWay() throws Exception {
        database = DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))",
                "INSERT INTO customer SELECT g, 'name ' || g FROM generate_series(1, 100) g");
        context = start(Application.class, database);
        Segue node = node();
        node.request(CHANGE, Phase.READ_NEW, "ann");
        await().atMost(LONG).until(() -> node.status().get(0).phase() == Phase.READ_NEW);
        database.execute("UPDATE customer SET name = 'by a script' WHERE id = 17");
        await().atMost(LONG).until(() -> node.status().get(0).record().guardHits() > 0);
        await().atMost(LONG).until(() -> meters().find("segue.verify").timer() != null);
    }

    @AfterAll
    static void close() {
        context.close();
        database.close();
    }

    private static ConfigurableApplicationContext start(Class<?> application, TestDatabase database) {
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.main.banner-mode",
                        "off",
                        "spring.datasource.url",
                        database.url(),
                        "spring.datasource.username",
                        database.username(),
                        "spring.datasource.password",
                        database.password(),
                        "spring.flyway.enabled",
                        "false",
                        "segue.node",
                        "shop-1",
                        "segue.lease",
                        "3s",
                        "segue.changes." + CHANGE + ".shadow-for",
                        "1s",
                        "segue.changes." + CHANGE + ".contract-after",
                        "0s"))
                .run();
    }

    private static Segue node() {
        return context.getBean(SegueNodes.class).all().get(0);
    }

    private static MeterRegistry meters() {
        return context.getBean(MeterRegistry.class);
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static double gauge(String name, String... tags) {
        return Objects.requireNonNull(
                        meters().find(name).tag("change", CHANGE).tags(tags).gauge(), name)
                .value();
    }

    @Test
    void theMetersSayWhereTheChangeIs() {
        assertThat(gauge("segue.change.phase")).isEqualTo(Phase.READ_NEW.ordinal());
        assertThat(gauge("segue.change.requested")).isEqualTo(Phase.READ_NEW.ordinal());
        assertThat(gauge("segue.change.stage", "stage", "enforce")).isEqualTo(2);
        assertThat(gauge("segue.change.stage", "stage", "contract")).isZero();
        assertThat(gauge("segue.change.sealed", "side", "new")).isEqualTo(1);
        assertThat(gauge("segue.change.nodes", "phase", "read-new")).isEqualTo(1);
        assertThat(gauge("segue.change.nodes", "phase", "old-only")).isZero();
        assertThat(gauge("segue.change.held", "clause", "fleet")).isZero();
        assertThat(gauge("segue.change.statements")).isZero();
        assertThat(gauge("segue.backfill.rows.done")).isEqualTo(100);
        assertThat(gauge("segue.backfill.speed")).isEqualTo(1);
        assertThat(meters().get("segue.guard.hits").functionCounter().count()).isEqualTo(1);
        assertThat(meters().get("segue.shadow.mismatches").functionCounter().count())
                .isZero();
        assertThat(meters().get("segue.node.fenced").gauge().value()).isZero();
    }

    @Test
    void whatTakesAWhileIsObserved() {
        assertThat(meters().get("segue.switch").tag("what", "read-new").timer().count())
                .isEqualTo(1);
        assertThat(meters().get("segue.stage")
                        .tags("change", CHANGE, "what", "enforce", "error", "none")
                        .timer()
                        .count())
                .isPositive();
        assertThat(meters().get("segue.verify").timer().count()).isPositive();
        assertThat(meters().get("segue.batch").tag("what", "new").timer().count())
                .isPositive();
    }

    @Test
    void everyMeterIsDocumentedAndNoOtherOne() throws IOException {
        Set<String> real = meters().getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .filter(name -> name.startsWith("segue."))
                .filter(name -> !name.endsWith(".active"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(found("(?m)(?<=^\\| `)segue\\.[a-z.]+(?=`)", Files.readString(DOCS.resolve("operating.md"))))
                .isEqualTo(real);
    }

    @Test
    void theTagsOfMetersHaveFewValues() {
        Set<String> tags = meters().getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("segue."))
                .flatMap(id -> id.getTags().stream())
                .map(tag -> tag.getKey())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(tags).containsExactly("change", "clause", "error", "phase", "side", "stage", "what");
        assertThat(meters().getMeters().stream()
                        .filter(meter -> meter.getId().getName().startsWith("segue."))
                        .count())
                .isLessThan(100);
    }

    @Test
    void dashboardAndAlertsAskForMetersThatThereAre() throws IOException {
        String scraped = context.getBean(PrometheusMeterRegistry.class).scrape();
        Set<String> real = found("(?m)^segue_[a-z_]+", scraped);
        String dashboard = Files.readString(DOCS.resolve("grafana-dashboard.json"));
        String alerts = Files.readString(DOCS.resolve("prometheus-alerts.yaml"));

        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(dashboard)
                        .path("panels")
                        .size())
                .isGreaterThan(5);
        assertThat(found("segue_[a-z_]+", dashboard)).hasSizeGreaterThan(8).isSubsetOf(real);
        assertThat(found("segue_[a-z_]+", alerts)).hasSizeGreaterThan(4).isSubsetOf(real);
        assertThat(found("(?<=stage=\")[a-z-]+|(?<=phase=\")[a-z-]+|(?<=side=\")[a-z-]+", dashboard + alerts))
                .isSubsetOf(found("(?<=\")[a-z-]+(?=\")", scraped));
    }

    @Test
    void theHealthIsUpWithTheChangesAsDetails() {
        Health health = Objects.requireNonNull(
                context.getBean("segueHealthIndicator", HealthIndicator.class).health());

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(String.valueOf(health.getDetails().get(CHANGE)))
                .contains("phase=read-new", "requested=read-new", "inSync=true", "oneSidedWrites=1");
    }

    @Test
    void whatHappensIsPublishedAsEventsOfTheApplication() {
        Queue<SegueEvent> events = context.getBean(Application.class).events;
        assertThat(events)
                .extracting(event ->
                        event.kind() + " " + event.change() + " " + event.line().to())
                .contains(
                        "REQUESTED " + CHANGE + " read-new",
                        "MOVED " + CHANGE + " dual-write",
                        "SEALED " + CHANGE + " NEW",
                        "STAGE " + CHANGE + " done",
                        "MOVED " + CHANGE + " read-new");
    }

    @Test
    void aChangeThatIsOverAndOnlyConfiguredIsReportedAndNoMistake() {
        try (TestDatabase finished = DatabaseServers.shared(Engine.POSTGRESQL).createDatabase()) {
            finished.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))");
            start(Application.class, finished).close();
            // As the last stage leaves it; how it gets there is not what this is about.
            finished.execute("UPDATE segue_change SET stage_contract = 'done'");

            try (ConfigurableApplicationContext cleaned = start(Cleaned.class, finished)) {
                SegueNodes nodes = cleaned.getBean(SegueNodes.class);
                assertThat(nodes.all()).isEmpty();
                assertThat(nodes.ended()).containsExactly(CHANGE);
                assertThat(String.valueOf(new SegueEndpoint(nodes).changes().get("ended")))
                        .contains("The change is over", "Delete segue.changes." + CHANGE);
                Health health = Objects.requireNonNull(cleaned.getBean("segueHealthIndicator", HealthIndicator.class)
                        .health());
                assertThat(health.getStatus()).isEqualTo(Status.UP);
                assertThat(health.getDetails()).containsEntry("overAndStillConfigured", Set.of(CHANGE));
            }
        }
    }
}

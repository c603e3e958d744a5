package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.spring.browser.Browser;
import dev.segue.spring.browser.Tab;
import dev.segue.spring.renamed.Customer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import jakarta.persistence.EntityManagerFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** A person walks a change from its first phase to its end by the buttons of the page alone, while requests go on. */
@Tag("browser")
class PageJourneyTest {

    private static final String CHANGE = "customer-full-name";
    private static final String LANE = "[data-change='" + CHANGE + "'] ";
    private static final int ROWS = 20_000;
    private static final Path PICTURES = Path.of("target", "pictures");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = Customer.class)
    static class Shop {

        final Queue<SegueEvent> events = new ConcurrentLinkedQueue<>();

        @EventListener
        void heard(SegueEvent event) {
            events.add(event);
        }
    }

    private final TestDatabase database =
            DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();
    private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();
    private final List<Thread> shoppers = new ArrayList<>();
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final AtomicLong requests = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    PageJourneyTest() {
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))",
                "INSERT INTO customer SELECT g, 'name ' || g FROM generate_series(1, " + ROWS + ") g");
    }

    @AfterEach
    void close() throws InterruptedException {
        open.set(false);
        for (Thread shopper : shoppers) {
            shopper.join();
        }
        nodes.forEach(ConfigurableApplicationContext::close);
        database.close();
    }

    private ConfigurableApplicationContext start(String node) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
                .properties(Map.ofEntries(
                        Map.entry("server.port", "0"),
                        Map.entry("server.servlet.context-path", "/shop"),
                        Map.entry("spring.application.name", "shop"),
                        Map.entry("spring.application.version", "1.4.2"),
                        Map.entry("spring.main.banner-mode", "off"),
                        Map.entry("spring.datasource.url", database.url()),
                        Map.entry("spring.datasource.username", database.username()),
                        Map.entry("spring.datasource.password", database.password()),
                        Map.entry("spring.flyway.enabled", "false"),
                        Map.entry("management.endpoints.web.exposure.include", "segue,seguepage"),
                        Map.entry("management.endpoint.segue.access", "unrestricted"),
                        Map.entry("segue.node", node),
                        Map.entry("segue.lease", "6s"),
                        Map.entry("segue.changes." + CHANGE + ".shadow-for", "1s"),
                        Map.entry("segue.changes." + CHANGE + ".contract-after", "1s"),
                        Map.entry("segue.changes." + CHANGE + ".backfill.max-rows-per-second", "10000")))
                .run();
        nodes.add(context);
        EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
        shoppers.add(shopper(factory));
        return context;
    }

    private Thread shopper(EntityManagerFactory factory) {
        Thread shopper = new Thread(() -> shop(factory), "shopper");
        shopper.start();
        return shopper;
    }

    /** Writes a name and reads it back, again and again. */
    private void shop(EntityManagerFactory factory) {
        while (open.get()) {
            long id = ThreadLocalRandom.current().nextLong(1, ROWS + 1);
            try {
                String name = "name " + id + " of " + requests.incrementAndGet();
                String read = factory.callInTransaction(entities -> {
                    entities.find(Customer.class, id, jakarta.persistence.LockModeType.PESSIMISTIC_WRITE).fullName =
                            name;
                    entities.flush();
                    entities.clear();
                    return entities.find(Customer.class, id).fullName;
                });
                if (!name.equals(read)) {
                    failures.add(new AssertionError("Wrote " + name + " and read " + read));
                }
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    @Test
    void aChangeIsTakenToItsEndByTheButtonsOfThePageAlone() throws Exception {
        ConfigurableApplicationContext first = start("shop-1");
        start("shop-2");
        try (Browser browser = Browser.start()) {
            Tab tab = browser.open(1500, 1000);
            tab.go("http://127.0.0.1:" + first.getEnvironment().getProperty("local.server.port")
                    + "/shop/actuator/seguepage");
            tab.await("document.querySelectorAll(`" + LANE + "[data-stop=old-only] .rider`).length === 2");
            tab.click(LANE + ".actions > summary");
            tab.picture(PICTURES.resolve("journey-1-old-only.png"));

            List<Duration> delays = new ArrayList<>();
            Shop shop = first.getBean(Shop.class);
            int picture = 2;
            for (String phase : List.of("dual-write", "shadow-read", "read-new", "new-only")) {
                press(tab, phase);
                tab.await(
                        "document.querySelector(`" + LANE + "[data-stop=" + phase + "]`).innerText.includes('shop-1')");
                Instant seen = Instant.now();
                delays.add(Duration.between(moved(shop, phase), seen));
                tab.await("document.querySelectorAll(`" + LANE + "[data-stop=" + phase
                        + "] .rider:not(.draining)`).length === 2");
                tab.picture(PICTURES.resolve("journey-" + picture++ + "-" + phase + ".png"));
            }
            tab.await("document.querySelector(`" + LANE + ".drop`).innerText.includes('allows the drop')");
            tab.click(LANE + "[data-action='allow-contract']");
            tab.click("#confirm-yes");
            tab.await("document.querySelector(`" + LANE + "`).dataset.verdict === 'over'");
            assertThat(tab.text(LANE + ".end"))
                    .contains("The change is over")
                    .contains("Delete @Replaces(change = \"" + CHANGE + "\")")
                    .contains("Customer.fullName")
                    .contains("segue.changes." + CHANGE);
            tab.await("document.querySelector(`" + LANE + ".journal`).innerText.includes('stage contract')");
            tab.picture(PICTURES.resolve("journey-" + picture + "-over.png"));

            Duration slowest = delays.stream().max(Duration::compareTo).orElseThrow();
            System.out.printf(
                    Locale.ROOT,
                    "The page showed each move after %s ms, the slowest after %d ms; %,d requests meanwhile.%n",
                    delays.stream().map(Duration::toMillis).toList(),
                    slowest.toMillis(),
                    requests.get());
            assertThat(slowest).isLessThan(Duration.ofSeconds(10));
            assertThat(tab.errors()).isEmpty();
        }
        assertThat(failures).isEmpty();
        assertThat(requests.get()).isGreaterThan(100);
        assertThat(database.value(
                        "SELECT count(*) FROM information_schema.columns WHERE table_name = 'customer' AND column_name = 'name'",
                        Long.class))
                .isZero();
    }

    /** Presses until it is said to be done: the page lives, and may move a button from under the pointer. */
    private static void press(Tab tab, String phase) {
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            tab.click(LANE + "[data-action='request-" + phase + "']");
            return said(tab, "Done: Go to " + phase + ".");
        });
    }

    private static boolean said(Tab tab, String result) {
        try {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> tab.text(LANE + ".actions > .result").equals(result));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static Instant moved(Shop shop, String phase) {
        await().until(() -> shop.events.stream().anyMatch(event -> isMove(event, phase)));
        return shop.events.stream()
                .filter(event -> isMove(event, phase))
                .findFirst()
                .orElseThrow()
                .line()
                .at();
    }

    private static boolean isMove(SegueEvent event, String phase) {
        return event.kind() == SegueEvent.Kind.MOVED
                && phase.equals(event.line().to());
    }
}

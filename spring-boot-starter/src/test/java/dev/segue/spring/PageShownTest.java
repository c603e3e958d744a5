package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.spring.browser.Browser;
import dev.segue.spring.browser.Tab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people see on the page, in a real browser, of what a node says. */
@Tag("browser")
class PageShownTest {

    private static final Path PICTURES = Path.of("target", "pictures");
    private static final String HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>";

    private static Browser browser;
    private static MadeUpNode held;
    private static Tab heldTab;

    /** One example of every reason there is, so that a new one cannot be forgotten. */
    private static Map<Class<?>, Held> reasons() {
        Participant late = new Participant("shop-3", "shop", Phase.OLD_ONLY, Phases.NONE, Phase.READ_NEW);
        Stream<Held> all = Stream.of(
                new Held.ReadByOthers(late, Phase.OLD_ONLY, Phase.NEW_ONLY),
                new Held.NotWrittenByOthers(late, Phase.OLD_ONLY, Phase.READ_NEW),
                new Held.NotSealed(Side.NEW),
                new Held.Missing(Side.NEW, Stage.EXPAND, Progress.PENDING),
                new Held.NotOmittable(Side.OLD, Stage.RELAX, Progress.APPLYING),
                new Held.NoSuchPhase(Kind.RETIRE, Phase.DUAL_WRITE),
                new Held.NotFree(Progress.PENDING),
                new Held.Unguarded(Side.OLD, Guard.of(Guard.Form.SQL)),
                new Held.TooEarly("read-new", "shadow-read"),
                new Held.Occupied("ENFORCE", late, Phase.OLD_ONLY),
                new Held.Unheard("the flag segue.customer-full-name", "the flag service does not answer"),
                new Held.NoPhase("the flag segue.customer-full-name", "sideways", List.of("old-only", "dual-write")),
                new Held.Lacks("seal(NEW)", "a transaction of pid 4711 is open", "wait until it has ended, or end it"));
        Map<Class<?>, Held> byType = new LinkedHashMap<>();
        all.forEach(reason -> byType.put(reason.getClass(), reason));
        return byType;
    }

    private static String id(Class<?> reason) {
        return "change-" + reason.getSimpleName().toLowerCase(Locale.ROOT);
    }

    static List<Class<?>> types() {
        return Arrays.asList(Held.class.getPermittedSubclasses());
    }

    @BeforeAll
    static void open() throws Exception {
        browser = Browser.start();
        held = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"));
        List<ChangeJson> waiting = new ArrayList<>();
        reasons().forEach((type, reason) -> waiting.add(change(id(type), List.of(reason))));
        held.says.set(all("unrestricted", waiting));
        heldTab = browser.open(1500, 1000);
        heldTab.go(held.url());
        heldTab.await("document.querySelectorAll('.lane').length === " + waiting.size());
    }

    @AfterAll
    static void close() throws Exception {
        held.close();
        browser.close();
    }

    private static Map<String, Object> all(String access, List<ChangeJson> changes) {
        return Map.of(
                "node",
                "shop-1",
                "access",
                access,
                "fenced",
                false,
                "latencyMillis",
                7.25,
                "changes",
                changes,
                "ended",
                List.of());
    }

    private static ChangeJson change(String id, List<Held> held) {
        return change(id, held, "shop-2", null);
    }

    private static ChangeJson change(String id, List<Held> held, String other, @Nullable String why) {
        Instant now = Instant.now();
        return new ChangeJson(
                id,
                "replace",
                "dual-write",
                "new-only",
                "operator",
                List.of(new ChangeJson.RequestJson("new-only", "operator", "ann", why, now)),
                held.stream()
                        .map(one -> new ChangeJson.HeldJson(one.clause().id(), one.message(), one.remedy()))
                        .toList(),
                3,
                Map.of("old", true, "new", false),
                Map.of(
                        "expand",
                        "done",
                        "guard",
                        "done",
                        "enforce",
                        "pending",
                        "relax",
                        "pending",
                        "contract",
                        "pending"),
                List.of(new ChangeJson.SiteJson(why == null ? "customer" : why, List.of("name"), List.of("full_name"))),
                new ChangeJson.GuardJson("sql", List.of("old-to-new"), 12, "batch (nightly.sh)"),
                List.of(),
                new ChangeJson.BackfillJson(
                        "running",
                        "old-to-new",
                        690_000,
                        1_000_000,
                        41_000,
                        "PT1M8S",
                        "the throttle (60 % of the speed): replication lag is 3.4 of 5 s",
                        0.6,
                        2,
                        31,
                        1,
                        List.of(new ChangeJson.RangeJson(
                                "customer", "running", 690_000, 1_000_000, 41_000, null, "shop-1"))),
                new ChangeJson.VerificationJson("none", 0, 0, null, null),
                List.of(node("shop-1", "dual-write", List.of(), now), node(other, "old-only", List.of(), now)),
                now,
                List.of(new ChangeJson.SightingJson(
                        "s-17",
                        "native",
                        "SELECT name FROM " + (why == null ? "customer" : why),
                        "customer.name",
                        other,
                        "Reports.monthly",
                        3,
                        now,
                        null)),
                List.of(
                        plan("plan-1", "where c.name=?", "loses", other),
                        plan("plan-2", "where c.name like ?", "unchecked", other),
                        plan("plan-3", "where c.name>?", "keeps", other)),
                0,
                null,
                false,
                new ChangeJson.DropJson(false, null, "PT24H"),
                null);
    }

    private static ChangeJson.QueryPlanJson plan(String key, String where, String state, String node) {
        return new ChangeJson.QueryPlanJson(
                key,
                "select c.id from customer c " + where,
                node,
                "Search.find",
                41,
                state,
                "is served by index customer_name, and with full_name in the place of name by none",
                null);
    }

    private static ChangeJson.NodeJson node(String name, String phase, List<String> draining, Instant now) {
        return new ChangeJson.NodeJson(name, "shop", "1.4.2", phase, draining, "new-only", now.plusSeconds(24));
    }

    @Test
    void everyClauseOfTheRuleHasAnExample() {
        assertThat(reasons().keySet()).containsExactlyInAnyOrderElementsOf(types());
        assertThat(reasons().values()).extracting(Held::clause).contains(Clause.values());
    }

    @ParameterizedTest
    @MethodSource("types")
    void whyAChangeWaitsIsTheresWithTheNodeTheFactAndTheRemedy(Class<?> type) {
        Held reason = reasons().get(type);
        assertThat(reason).as("an example of " + type).isNotNull();

        String shown = heldTab.text("[data-change='" + id(type) + "'] .waits [data-clause='"
                + reason.clause().id() + "']");

        assertThat(shown)
                .contains("shop-1", "held by " + reason.clause().id())
                .contains(reason.message())
                .contains("What to do: " + reason.remedy());
        assertThat(heldTab.text("[data-change='" + id(type) + "'] .verdict")).isEqualTo("waits");
    }

    @Test
    void aLaneShowsPhasesStagesNodesRowsAndWhatSlowsThemDown() throws IOException {
        String lane = "[data-change='" + id(Held.NotSealed.class) + "'] ";
        assertThat(heldTab.text(lane + "[data-stop='dual-write']")).contains("shop-1", "reads OLD · writes both");
        assertThat(heldTab.text(lane + "[data-stop='old-only']")).contains("shop-2");
        assertThat(heldTab.text(lane + "[data-stop='new-only']")).contains("goal · operator");
        assertThat(heldTab.is("document.querySelector(`" + lane + "[data-stop='expand']`).dataset.state === 'done'"))
                .isTrue();
        assertThat(heldTab.text(lane + ".rows")).isEqualTo("690,000 of 1,000,000 rows · 41,000/s · 1 min 8 s left");
        assertThat(heldTab.text(lane + ".throttled")).contains("60 % of the speed", "replication lag is 3.4 of 5 s");
        assertThat(heldTab.ask("document.querySelector(`" + lane + "[role=meter]`).ariaValueNow")
                        .asString())
                .isEqualTo("60");
        assertThat(heldTab.text(lane + ".counters")).contains("rows not converting", "2", "31", "12");
        assertThat(heldTab.text(lane)).contains("batch (nightly.sh)", "s left", "1.4.2");
        assertThat(heldTab.text(lane + ".plot-box")).isEqualTo("Rows per second: 41,000/s now, 41,000/s at most");
        assertThat(heldTab.text(lane + ".plot-box + .plot-box"))
                .isEqualTo("Latency of the statements of this node: 7.3 ms now, 7.3 ms at most");
        assertThat(heldTab.text("#summary")).isEqualTo("13 changes · 2 nodes · 13 wait");
        assertThat(heldTab.errors()).isEmpty();
        heldTab.picture(PICTURES.resolve("waiting.png"));
    }

    @Test
    void allOfItIsSmallAndSoonThere() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all(
                    "unrestricted", List.of(change("customer-full-name", List.of(new Held.NotSealed(Side.NEW))))));
            Tab tab = browser.open(1400, 900);
            tab.go(node.url());
            tab.await("document.querySelector('.lane')");
            tab.await("performance.getEntriesByName('first-contentful-paint').length > 0");

            long size = tab.bytes();
            double paint = tab.ask("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                    .asDouble();
            System.out.printf(Locale.ROOT, "The page: %,d bytes, first paint after %.0f ms.%n", size, paint);
            assertThat(size).isBetween(10_000L, 150_000L);
            assertThat(paint).isBetween(1.0, 10_000.0);
            for (String scheme : List.of("light", "dark")) {
                tab.colours(scheme);
                tab.picture(PICTURES.resolve("page-" + scheme + ".png"));
            }
            tab.click("details.sql > summary");
            tab.await("document.querySelector('.plan pre')?.innerText.includes('ALTER TABLE customer')");
            tab.size(480, 900);
            assertThat(tab.is("document.documentElement.scrollWidth <= innerWidth"))
                    .as("nothing sticks out on a narrow screen")
                    .isTrue();
            tab.picture(PICTURES.resolve("page-narrow.png"));
            assertThat(tab.errors()).isEmpty();
        }
    }

    @Test
    void namesOfTablesNodesAndReasonsAreNeverMarkup() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            Held hostile = new Held.Lacks(HOSTILE, HOSTILE, HOSTILE);
            node.says.set(all("unrestricted", List.of(change(HOSTILE, List.of(hostile), HOSTILE, HOSTILE))));
            node.journal.set(
                    List.of(new SegueEndpoint.LineJson(Instant.now(), HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)));
            node.refuses.set(new Refusal(HOSTILE, HOSTILE));
            Tab tab = browser.open(1400, 900);
            tab.go(node.url());
            tab.await("document.querySelector('.journal li')");
            tab.click(".actions > summary");
            tab.click("[data-action='pause']");
            tab.await("document.querySelector('.result[data-state=refused]')");

            for (String place : List.of(
                    "h2", ".sites", ".fact", ".remedy", ".rider", "tbody", ".journal", ".requests", ".result")) {
                assertThat(tab.ask("[...document.querySelectorAll('" + place + "')].map(e => e.innerText).join()")
                                .asString())
                        .as(place)
                        .contains("<script>window.hacked = 1</script>");
            }
            assertThat(tab.is("'hacked' in window")).isFalse();
            assertThat(tab.ask("document.querySelectorAll('script, .lane img').length")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void whoMayOnlyLookIsToldSoAndHasNoButtons() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all("read-only", List.of(change("customer-full-name", List.of()))));
            Tab tab = browser.open(1400, 900);
            tab.go(node.url());
            tab.click(".actions > summary");

            tab.await("document.querySelector('[data-action=pause]').disabled");
            assertThat(tab.is("[...document.querySelectorAll('[data-action]')].every(button => button.disabled)"))
                    .isTrue();
            assertThat(tab.text(".denied")).contains("management.endpoint.segue.access=unrestricted");
            tab.click("[data-action='pause']");
            assertThat(node.actions).isEmpty();
        }
    }

    @Test
    void everyButtonSaysWhatItDoesAndWhetherItCanBeUndoneAndWhatCannotIsAskedTwice() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all("unrestricted", List.of(change("customer-full-name", List.of()))));
            Tab tab = browser.open(1400, 1000);
            tab.go(node.url());
            tab.click(".actions > summary");

            assertThat(tab.ask("[...document.querySelectorAll('[data-action]')].filter(b => !/undo/i.test("
                                    + "document.getElementById(b.getAttribute('aria-describedby')).innerText)).length")
                            .asInt())
                    .isZero();
            tab.click("[data-action='allow-contract']");
            tab.await("document.querySelector('dialog[open]')");
            assertThat(tab.text("dialog")).contains("dropped", "cannot be undone");
            tab.picture(PICTURES.resolve("asked-twice.png"));
            tab.press("Escape");
            tab.await("!document.querySelector('dialog[open]')");
            assertThat(node.actions).isEmpty();

            tab.click("[data-action='allow-contract']");
            tab.click("#confirm-no");
            tab.await("!document.querySelector('dialog[open]')");
            assertThat(node.actions).isEmpty();

            tab.click("[data-action='allow-contract']");
            tab.click("#confirm-yes");
            tab.await("document.querySelector('.result[data-state=done]')");
            assertThat(node.actions)
                    .containsExactly("/customer-full-name application/json page {\"action\":\"allow-contract\"}");
            assertThat(tab.errors()).isEmpty();
        }
    }

    @Test
    void aStatementThatStillNamesAnOldColumnIsShownAndCanBeWaived() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all("unrestricted", List.of(change("customer-full-name", List.of()))));
            Tab tab = browser.open(1400, 1000);
            tab.go(node.url());
            tab.await("document.querySelector('[data-waive=s-17]')");
            assertThat(tab.text(".seen:has([data-waive=s-17])"))
                    .contains("SELECT name FROM customer", "customer.name", "shop-2", "Reports.monthly", "3 times");

            tab.click("[data-waive='s-17']");
            tab.await("document.querySelector('dialog[open]')");
            assertThat(tab.text("dialog")).contains("it fails when the old columns are gone");
            tab.click("#confirm-yes");
            tab.await("!document.querySelector('dialog[open]')");
            org.awaitility.Awaitility.await().until(() -> !node.actions.isEmpty());

            assertThat(node.actions)
                    .containsExactly(
                            "/customer-full-name application/json page {\"action\":\"waive\",\"key\":\"s-17\"}");
        }
    }

    @Test
    void aStatementThatLosesItsIndexIsShownAndCanBeWaivedAndOneThatIsNotCheckedIsShown() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all("unrestricted", List.of(change("customer-full-name", List.of()))));
            Tab tab = browser.open(1400, 1000);
            tab.go(node.url());
            tab.await("document.querySelector('[data-waive=plan-1]')");
            assertThat(tab.text("section.seen:has([data-waive=plan-1])"))
                    .contains("where c.name=?", "loses its index", "customer_name", "shop-2", "Search.find", "41 times")
                    .contains("where c.name like ?", "not checked")
                    .doesNotContain("where c.name>?");
            assertThat(tab.is("document.querySelector('[data-waive=plan-2]') === null"))
                    .as("what holds nothing needs no waiver")
                    .isTrue();

            tab.click("[data-waive='plan-1']");
            tab.await("document.querySelector('dialog[open]')");
            assertThat(tab.text("dialog")).contains("may be slow");
            tab.click("#confirm-yes");
            org.awaitility.Awaitility.await().until(() -> !node.actions.isEmpty());
            assertThat(node.actions)
                    .containsExactly(
                            "/customer-full-name application/json page {\"action\":\"waive\",\"key\":\"plan-1\"}");
            assertThat(tab.errors()).isEmpty();
        }
    }

    @Test
    void everythingCanBeReachedAndDoneByTheKeyboardAndHasAName() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all("unrestricted", List.of(change("customer-full-name", List.of()))));
            Tab tab = browser.open(1400, 1000);
            tab.go(node.url());
            tab.await("document.querySelector('.lane')");

            tab.press("Tab");
            assertThat(tab.ask("document.activeElement.className").asString()).isEqualTo("skip");
            tabTo(tab, "document.activeElement.matches('.actions > summary')");
            tab.press("Enter");
            tabTo(tab, "document.activeElement.id.startsWith('reason-')");
            tab.type("by hand");
            tabTo(tab, "document.activeElement.dataset.action === 'request-read-new'");
            tab.press("Enter");
            tab.await("document.querySelector('.result[data-state=done]')");

            assertThat(node.actions)
                    .containsExactly("/customer-full-name application/json page"
                            + " {\"action\":\"request\",\"phase\":\"read-new\",\"reason\":\"by hand\"}");
            assertThat(tab.is("document.activeElement.dataset.action === 'request-read-new'"))
                    .as("the focus stays where it was while the page lives on")
                    .isTrue();
            assertThat(tab.unnamed()).isEmpty();
        }
    }

    private static void tabTo(Tab tab, String there) {
        for (int i = 0; i < 40 && !tab.is(there); i++) {
            tab.press("Tab");
        }
        assertThat(tab.is(there)).as(there).isTrue();
    }

    @Test
    void aNodeThatDoesNotAnswerIsSaidWithTheAgeOfWhatIsShownAndForgottenWhenItDoes() throws IOException {
        try (MadeUpNode node = new MadeUpNode("/actuator", new PageLinks("seguepage", "segue"))) {
            node.says.set(all("unrestricted", List.of(change("customer-full-name", List.of()))));
            Tab tab = browser.open(1400, 900);
            tab.go(node.url());
            tab.await("document.querySelector('.lane')");

            node.broken = true;
            tab.await("!document.getElementById('stale').hidden");
            assertThat(tab.text("#stale")).contains("503", "What you see is from");
            assertThat(tab.text(".lane h2")).isEqualTo("customer-full-name");
            node.broken = false;
            tab.await("document.getElementById('stale').hidden", Duration.ofSeconds(20));
        }
    }

    @Test
    void itFindsItsFilesAndTheEndpointUnderAnyPath() throws IOException {
        for (MadeUpNode node : List.of(
                new MadeUpNode("/proxy/shop/actuator", new PageLinks("seguepage", "segue")),
                new MadeUpNode("", new PageLinks("ops/changes", "columns")))) {
            try (node) {
                node.says.set(all("unrestricted", List.of(change("customer-full-name", List.of()))));
                Tab tab = browser.open(1400, 900);
                tab.go(node.url());
                tab.click(".actions > summary");
                tab.click("[data-action='pause']");
                tab.await("document.querySelector('.result[data-state=done]')");
                assertThat(node.actions).hasSize(1);
                assertThat(tab.errors()).isEmpty();
            }
        }
    }
}

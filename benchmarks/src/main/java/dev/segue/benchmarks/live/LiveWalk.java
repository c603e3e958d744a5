package dev.segue.benchmarks.live;

import static dev.segue.benchmarks.Goal.atMost;

import dev.segue.SegueListener;
import dev.segue.benchmarks.Experiment;
import dev.segue.benchmarks.Goal;
import dev.segue.benchmarks.Line;
import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.application.App;
import dev.segue.benchmarks.live.Latencies.Quantile;
import dev.segue.benchmarks.live.Traffic.Request;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.hibernate.SessionFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;

/**
 * One application under load, from the first stage to the drop of the old column. The requests of each step are held against
 * those of the calm before it, and the calm against an application without Segue.
 *
 * <p>What takes less than a second counts as one: a request that the step has held up ends after it. So steps that follow
 * one another at once have something of each other.
 */
final class LiveWalk implements Experiment {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** No step; so it shows how far two seconds of the same run are apart anyway. */
    private static final String QUIET = "quiet";

    /** No step either; so it shows what it is worth that a core is taken away for as long as a switch takes it. */
    private static final String BUSY = "busy";

    /** What a switch needs whoever does it: Hibernate builds a factory, and the requests go to that one. */
    private static final Step PLAIN =
            new Step("plain-factory", "in the second in which plain Hibernate builds a second factory and uses it", 0);

    private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * @param warmUp before anything counts
     * @param calm of the state that the steps are held against
     * @param pass how long a throttled one takes
     */
    record Times(Duration warmUp, Duration calm, Duration pass) {

        /** Of a phase in which nothing happens. */
        long steadyNanos() {
            return calm.toNanos() / 4;
        }
    }

    /**
     * One thing that happens.
     *
     * @param name in the timeline and in ids
     */
    private record Step(String name, String what, double p99Goal) {

        @org.jspecify.annotations.Nullable
        Goal goal(Quantile quantile) {
            return p99Goal == 0 || quantile != Quantile.P99 ? null : atMost(p99Goal);
        }
    }

    /** Phases in which nothing happens any more, held against an application without Segue. */
    private static final List<Step> STEADY = Arrays.stream(Phase.values())
            .filter(phase -> phase != Phase.OLD_ONLY)
            .map(phase -> new Step(steady(phase), "in " + phase.id() + ", nothing happens", 0))
            .toList();

    private static final List<Step> STEPS = List.of(
            new Step("expand", "while EXPAND", 0),
            new Step("switch-dual-write", "in the second of the switch to dual-write", 2),
            new Step("guard", "while GUARD", 0),
            new Step("pass", "while the throttled pass", 1.2),
            new Step("enforce", "while ENFORCE", 0),
            new Step("switch-shadow-read", "in the second of the switch to shadow-read", 2),
            new Step("switch-read-new", "in the second of the switch to read-new", 2),
            new Step("relax", "while RELAX", 0),
            new Step("switch-new-only", "in the second of the switch to new-only", 2),
            new Step("contract", "while CONTRACT", 0),
            new Step(QUIET, "in a second in which nothing happens", 0),
            new Step(BUSY, "in a second in which a thread computes for a tenth of it, and nothing else happens", 0));

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = Shopper.class)
    static class Shop {}

    private final Lines lines;
    private final DatabaseServer server;
    private final int rows;
    private final Times times;

    LiveWalk(Lines lines, DatabaseServer server, int rows, Times times) {
        this.lines = lines;
        this.server = server;
        this.rows = rows;
        this.times = times;
    }

    @Override
    public List<Line> lines() {
        List<Line> all = new ArrayList<>();
        all.add(lines.line("failed", "transactions that fail, from EXPAND to CONTRACT", "all of them", atMost(0)));
        for (Quantile quantile : Quantile.values()) {
            all.add(lines.line(
                    "calm-" + id(quantile), id(quantile) + " in old-only, nothing happens", "without Segue", null));
        }
        for (Step step : STEPS) {
            for (Quantile quantile : Quantile.values()) {
                all.add(line(step, quantile, "before, in old-only"));
            }
        }
        for (Step step : STEADY) {
            for (Quantile quantile : Quantile.values()) {
                all.add(line(step, quantile, "without Segue"));
            }
        }
        for (Quantile quantile : Quantile.values()) {
            all.add(line(PLAIN, quantile, "before, without Segue"));
        }
        return all;
    }

    private Line line(Step step, Quantile quantile, String against) {
        return lines.line(
                step.name() + "-" + id(quantile), id(quantile) + " " + step.what(), against, step.goal(quantile));
    }

    private static String steady(Phase phase) {
        return "steady-" + phase.id();
    }

    private static String id(Quantile quantile) {
        return quantile.name().toLowerCase(Locale.ROOT);
    }

    /** What one application was asked in a round, and when it was calm. */
    private record Served(List<Request> requests, Window calm) {

        double calm(Quantile quantile, long nanos) {
            return Latencies.calm(quantile, calm, nanos, requests);
        }

        double in(List<Window> windows, Quantile quantile) {
            return Latencies.in(windows, requests).at(quantile);
        }

        /** How much longer requests take in a step than in somebody's calm, by each quantile. */
        List<Double> ratios(Timeline timeline, Step step, Served against) {
            List<Window> windows = timeline.of(step.name(), SECOND);
            return Arrays.stream(Quantile.values())
                    .map(quantile -> in(windows, quantile)
                            / against.calm(quantile, windows.get(0).nanos()))
                    .toList();
        }

        String said(Timeline timeline, Step step) {
            return LiveWalk.said(step.name(), in(timeline.of(step.name(), SECOND), Quantile.P99));
        }
    }

    @Override
    public Round round(int number) throws Exception {
        Timeline timeline = new Timeline();
        boolean oursFirst = Math.floorMod(number, 2) == 0;
        Served first = oursFirst ? walk(timeline) : without(timeline);
        Served second = oursFirst ? without(timeline) : walk(timeline);
        return round(oursFirst ? first : second, timeline, oursFirst ? second : first);
    }

    private Round round(Served ours, Timeline timeline, Served without) {
        List<Double> ratios = new ArrayList<>();
        long failed = ours.requests().stream().filter(Request::failed).count();
        ratios.add((double) failed / ours.requests().size());
        for (Quantile quantile : Quantile.values()) {
            ratios.add(ours.calm(quantile, SECOND) / without.calm(quantile, SECOND));
        }
        StringBuilder said = new StringBuilder(String.format(
                Locale.ROOT, "%,d requests, %d failed; p99", ours.requests().size(), failed));
        said.append(said("calm", ours.calm(Quantile.P99, SECOND)));
        for (Step step : STEPS) {
            ratios.addAll(ours.ratios(timeline, step, ours));
            said.append(ours.said(timeline, step));
        }
        for (Step step : STEADY) {
            ratios.addAll(ours.ratios(timeline, step, without));
            said.append(ours.said(timeline, step));
        }
        ratios.addAll(without.ratios(timeline, PLAIN, without));
        said.append(without.said(timeline, PLAIN));
        return new Round(said.toString(), ratios);
    }

    private static String said(String what, double nanos) {
        return String.format(Locale.ROOT, ", %s %.2f ms", what, nanos / 1e6);
    }

    /** The same application as if there were no change. */
    private Served without(Timeline timeline) throws Exception {
        try (App app = start("full_name", "segue.enabled=false")) {
            AtomicReference<SessionFactory> sessions = new AtomicReference<>(app.sessions());
            try (Traffic traffic = Shopping.begin(sessions::get, rows)) {
                Window calm = calm();
                SegueListener.Span plain = timeline.begins(PLAIN.name());
                try (SessionFactory another = app.buildSessions()) {
                    sessions.set(another);
                    plain.ended(null);
                    Traffic.flow(SECOND);
                    return served(traffic, calm);
                }
            }
        }
    }

    private Served walk(Timeline timeline) throws Exception {
        String change = "segue.changes." + Shopper.CHANGE + ".";
        try (App app = start(
                        "name",
                        change + "shadow-for=0s",
                        change + "contract-after=0s",
                        change + "backfill.workers=1",
                        change + "backfill.max-rows-per-second="
                                + rows / times.pass().toSeconds());
                Traffic traffic = begin(app.sessions())) {
            app.node().listen(timeline);
            Window calm = calm();
            for (Phase phase : List.of(Phase.DUAL_WRITE, Phase.SHADOW_READ, Phase.READ_NEW)) {
                app.moveTo(phase);
                Traffic.flow(SECOND);
                steady(timeline, phase);
            }
            SegueListener.Span quiet = timeline.begins(QUIET);
            Traffic.flow(SECOND);
            quiet.ended(null);
            SegueListener.Span busy = timeline.begins(BUSY);
            compute(BUSY_NANOS);
            busy.ended(null);
            Traffic.flow(SECOND);
            app.moveTo(Phase.NEW_ONLY);
            Traffic.flow(SECOND);
            steady(timeline, Phase.NEW_ONLY);
            app.node().allowContract(Shopper.CHANGE, "benchmark");
            app.await(status -> status.record().situation().stages().done(Stage.CONTRACT));
            Traffic.flow(SECOND);
            return served(traffic, calm);
        }
    }

    private Traffic begin(SessionFactory sessions) {
        return Shopping.begin(() -> sessions, rows);
    }

    private void steady(Timeline timeline, Phase phase) {
        SegueListener.Span steady = timeline.begins(steady(phase));
        Traffic.flow(times.steadyNanos());
        steady.ended(null);
    }

    private static void compute(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }

    private Window calm() {
        Traffic.flow(times.warmUp().toNanos());
        return Traffic.flow(times.calm().toNanos());
    }

    private static Served served(Traffic traffic, Window calm) throws InterruptedException, ExecutionException {
        return new Served(traffic.stop(), calm);
    }

    private App start(String column, String... properties) {
        TestDatabase database = server.createDatabase();
        String rowsOfTable = lines.engine() == Engine.POSTGRESQL
                ? "SELECT g, 'name ' || g, 'some words beside' FROM generate_series(1, " + rows + ") g"
                : "WITH RECURSIVE g (n) AS (SELECT /*+ SET_VAR(cte_max_recursion_depth = 100000000) */ 1"
                        + " UNION ALL SELECT n + 1 FROM g WHERE n < " + rows
                        + ") SELECT n, CONCAT('name ', n), 'some words beside' FROM g";
        database.execute(
                "CREATE TABLE shopper (id bigint PRIMARY KEY, " + column + " varchar(200) NOT NULL, note varchar(200))",
                "INSERT INTO shopper (id, " + column + ", note) " + rowsOfTable,
                "CREATE INDEX shopper_name ON shopper (" + column + ")",
                (lines.engine() == Engine.POSTGRESQL ? "VACUUM ANALYZE " : "ANALYZE TABLE ") + "shopper");
        List<String> all = new ArrayList<>(List.of(properties));
        // Under MySQL's other one a snapshot does not outlive an ALTER TABLE.
        all.add("spring.datasource.hikari.transaction-isolation=TRANSACTION_READ_COMMITTED");
        return App.start(database, Shop.class, all.toArray(String[]::new));
    }
}

package dev.segue.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.benchmarks.Comparison.Measure;
import dev.segue.test.database.Engine;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchmarksTest {

    @ParameterizedTest
    @EnumSource
    void everyComparisonRunsAndIsReported(Engine engine, @TempDir Path directory) throws Exception {
        String database = engine.name().toLowerCase(Locale.ROOT);

        Benchmarks.run("--quick", "--database=" + database, "--report=" + directory);

        Map<String, Double> ratios = new LinkedHashMap<>();
        for (JsonNode result : JsonMapper.shared().readTree(directory.resolve("performance.json"))) {
            String id = result.get("id").asString();
            double ratio = result.get("ratio").asDouble();
            assertThat(ratios.put(id, ratio)).as(id).isNull();
            assertThat(ratio).as(id).isFinite();
            // What is a difference, or a share of what must not be, may be nothing.
            assertThat(id.matches("(backfill|application)-.*") && ratio <= 0)
                    .as(id)
                    .isFalse();
            assertThat(result.get("min").asDouble())
                    .isLessThanOrEqualTo(result.get("max").asDouble());
        }
        assertThat(ratios.keySet().stream().filter(id -> id.startsWith("live-") && id.contains("failed")))
                .as("transactions that fail: those of the steps, and those on hot rows in both forms")
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(id -> assertThat(ratios).containsEntry(id, 0.0));
        assertThat(ratios.keySet())
                .contains(
                        "backfill-one-update-" + database,
                        "application-dual-write-insert-1-" + database,
                        "live-switch-read-new-p99-" + database,
                        "startup-time-1-entities-1-changes-" + database,
                        "scale-renewal-nodes-" + database);
        assertThat(directory.resolve("performance.svg")).content().contains("one UPDATE of the whole table");
        assertThat(Files.readString(directory.resolve("performance.md")))
                .contains("| INSERT, dual-write, one attribute");
    }

    @Test
    void theMedianOfTheRoundsIsHeldAgainstTheGoal() {
        assertThat(result(Measure.SPEED, Goal.atLeast(0.9), List.of(0.5, 0.95, 0.92)))
                .isEqualTo(new Result("id", "ours", "theirs", 0.92, 0.5, 0.95, ">= 0.9", true));
        assertThat(result(Measure.TIME, Goal.atMost(1.03), List.of(1.0, 1.1)))
                .isEqualTo(new Result("id", "ours", "theirs", 1.05, 1.0, 1.1, "<= 1.03", false));
    }

    private static Result result(Measure measure, Goal goal, List<Double> ratios) {
        return Result.of(comparison(measure, goal, new ArrayList<>()).line(), ratios);
    }

    private static Comparison comparison(Measure measure, Goal goal, List<String> calls) {
        return new Comparison(
                new Line("id", "ours", "theirs", goal), measure, logged("ours", calls), logged("theirs", calls));
    }

    private static Contestant logged(String name, List<String> calls) {
        return new Contestant() {
            @Override
            public void prepare() {
                calls.add("prepare " + name);
            }

            @Override
            public void run() {
                calls.add(name);
            }

            @Override
            public void finish() {
                calls.add("finish " + name);
            }
        };
    }

    @Test
    void whatWarmsUpDoesNotCount() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Contestant colder = new Contestant() {
            @Override
            public void run() {
                runs.incrementAndGet();
            }

            @Override
            public double cost() {
                run();
                return runs.get() <= 3 ? 100 : 2;
            }
        };
        Contestant same = new Contestant() {
            @Override
            public void run() {
                // Costs the same each time.
            }

            @Override
            public double cost() {
                return 1;
            }
        };
        Line line = new Line("a-b-mysql", "ours", "theirs", null);

        List<Result> results = new Race(3, 2)
                .run(
                        new Comparison(line, Measure.TIME, colder, same),
                        new Progress(new PrintStream(OutputStream.nullOutputStream()), 3));

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.max()).isEqualTo(2);
            assertThat(result.min()).isEqualTo(2);
        });
        assertThat(runs).hasValue(5);
    }

    @Test
    void whoBeginsChangesFromRoundToRoundAndNobodyRunsUnprepared() throws Exception {
        List<String> calls = new ArrayList<>();

        new Race(0, 2)
                .run(
                        comparison(Measure.TIME, Goal.atMost(1), calls),
                        new Progress(new PrintStream(OutputStream.nullOutputStream()), 2));

        assertThat(calls)
                .containsExactly(
                        "prepare ours",
                        "ours",
                        "finish ours",
                        "prepare theirs",
                        "theirs",
                        "finish theirs",
                        "prepare theirs",
                        "theirs",
                        "finish theirs",
                        "prepare ours",
                        "ours",
                        "finish ours");
    }

    @Test
    void moreSpeedAndLessTimeAreBetter() {
        assertThat(Measure.SPEED.ratio(100, 300)).isEqualTo(3);
        assertThat(Measure.TIME.ratio(100, 400)).isEqualTo(0.25);
    }

    @Test
    void aRunReplacesTheLinesThatItHasMeasuredAndKeepsTheOthersInTheOrderOfTheSuites(@TempDir Path directory)
            throws Exception {
        Report before = new Report(List.of(), HERE)
                .with(List.of(result("live-a-mysql", 1), result("backfill-a-mysql", 1), result("backfill-b-mysql", 1)));
        before.write(directory);

        Report.in(directory, HERE)
                .with(List.of(result("backfill-b-mysql", 2), result("backfill-a-postgresql", 2)))
                .write(directory);

        assertThat(Report.in(directory, HERE).results())
                .containsExactly(
                        result("backfill-a-postgresql", 2),
                        result("backfill-a-mysql", 1),
                        result("backfill-b-mysql", 2),
                        result("live-a-mysql", 1));
    }

    @Test
    void ofASuiteThatHasBeenMeasuredAsAWholeNoOtherLineIsKept() {
        Report before = new Report(List.of(), HERE)
                .with(List.of(result("live-gone-mysql", 1), result("live-gone-postgresql", 1)));

        assertThat(before.with(Suites.LIVE.lines(Engine.MYSQL), List.of(result("live-new-mysql", 2)))
                        .results())
                .containsExactly(result("live-gone-postgresql", 1), result("live-new-mysql", 2));
    }

    @Test
    void linesOfTwoMachinesAreNotMixed(@TempDir Path directory) throws Exception {
        new Report(List.of(result("live-a-mysql", 1)), HERE).write(directory);

        assertThatThrownBy(() -> Report.in(directory, new Machine(64, 4096, "25", "Linux")))
                .hasMessageContaining("64 cores");
    }

    private static final Machine HERE = new Machine(2, 4096, "17", "Linux");

    private static Result result(String id, double ratio) {
        return new Result(id, "ours", "theirs", ratio, ratio, ratio, null, null);
    }

    @Test
    void anUnknownOptionIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Options.parse("--fast"))
                .hasMessageContaining("--fast")
                .hasMessageContaining("--quick");
        for (String wrong : List.of("--rows=many", "--rows=100000000", "--rounds=0", "--database=h2")) {
            assertThatThrownBy(() -> Options.parse(wrong))
                    .isInstanceOf(MisuseException.class)
                    .hasMessageContaining(wrong);
        }
    }

    @Test
    void aLineThatThereIsNotIsRefusedWithTheSuitesThatThereAre(@TempDir Path directory) {
        assertThatThrownBy(() -> Benchmarks.run("--only=speed", "--report=" + directory))
                .hasMessageContaining("speed")
                .hasMessageContaining("backfill");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsShownBesideAReplicaKeepsToTheDatabaseThatIsAskedFor() {
        Options options = Options.parse("--throttle", "--database=mysql");

        assertThat(options.throttle()).isTrue();
        assertThat(options.engines()).containsExactly(Engine.MYSQL);
        assertThatThrownBy(() -> Options.parse("--throttle", "--rounds=3")).hasMessageContaining("--rounds=3");
    }
}

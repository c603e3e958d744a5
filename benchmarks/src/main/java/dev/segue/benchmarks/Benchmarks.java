package dev.segue.benchmarks;

import dev.segue.benchmarks.application.ApplicationSuite;
import dev.segue.benchmarks.backfill.BackfillSuite;
import dev.segue.benchmarks.throttle.ThrottledRun;
import dev.segue.test.database.Engine;
import java.util.ArrayList;
import java.util.List;

/** Measures everything and writes the report. */
public final class Benchmarks {

    private Benchmarks() {}

    /** @param args see {@link Options#USAGE} */
    public static void main(String... args) throws Exception {
        if (List.of(args).contains("--throttle")) {
            ThrottledRun.main();
            return;
        }
        Options options = Options.parse(args);
        Race race = new Race(options.size(0, 1), options.size(1, 5), System.out);
        List<Result> results = new ArrayList<>();
        for (Engine engine : options.engines()) {
            measure(new BackfillSuite(engine, options.size(20_000, 1_000_000)), options, race, results);
            measure(new ApplicationSuite(engine, options.size(500, 20_000)), options, race, results);
        }
        Report report = new Report(
                options.quick() ? results.stream().map(Result::withoutGoal).toList() : results, Machine.here());
        System.out.println(report.table());
        report.write(options.directory());
        if (options.quick()) {
            System.out.println("One round over few rows, cold: everything runs, and the ratios say nothing.");
        }
    }

    private static void measure(Suite suite, Options options, Race race, List<Result> results) throws Exception {
        try (suite) {
            for (Comparison comparison : suite.comparisons()) {
                if (options.wants(comparison.id())) {
                    results.add(race.run(comparison));
                }
            }
        }
    }
}

package dev.segue.benchmarks;

import dev.segue.benchmarks.throttle.ThrottledRun;
import dev.segue.test.database.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures everything, or a part of it, and writes the report. */
public final class Benchmarks {

    private Benchmarks() {}

    /** @param args see {@link Options#USAGE} */
    public static void main(String... args) throws Exception {
        Options options = Options.parse(args);
        if (options.throttle()) {
            for (Engine engine : options.engines()) {
                ThrottledRun.show(engine);
            }
            return;
        }
        Report report = Report.in(options.directory(), Machine.here());
        boolean measured = false;
        for (Suites suite : Suites.values()) {
            for (Engine engine : options.engines()) {
                if (options.wantsSome(suite.id())) {
                    Lines lines = suite.lines(engine);
                    System.out.println("== " + lines);
                    List<Result> results = measure(suite, lines, options);
                    if (results.isEmpty()) {
                        continue;
                    }
                    measured = true;
                    report = options.only().isEmpty() ? report.with(lines, results) : report.with(results);
                    // What comes next may break, and this has taken its time.
                    report.write(options.directory());
                }
            }
        }
        if (!measured) {
            throw new IllegalArgumentException("Nothing has been measured: no line's id begins with any of "
                    + options.only() + ". The ids stand in performance.json; they begin with "
                    + Arrays.stream(Suites.values()).map(Suites::id).toList() + ".");
        }
        System.out.println(report.table());
        if (options.quick()) {
            System.out.println("One round over few rows, cold: everything runs, and the ratios say nothing.");
        }
    }

    private static List<Result> measure(Suites which, Lines lines, Options options) throws Exception {
        int often = which.often();
        Race race = options.quick() ? new Race(0, options.rounds()) : new Race(often, options.rounds() * often);
        List<Result> results = new ArrayList<>();
        try (Suite suite = which.open(lines, options)) {
            List<? extends Experiment> wanted = suite.experiments().stream()
                    .filter(one -> one.lines().stream().anyMatch(options::wants))
                    .toList();
            Progress progress = new Progress(System.out, wanted.size() * race.length());
            for (Experiment experiment : wanted) {
                results.addAll(race.run(experiment, progress));
            }
        }
        return options.quick() ? results.stream().map(Result::withoutGoal).toList() : results;
    }
}

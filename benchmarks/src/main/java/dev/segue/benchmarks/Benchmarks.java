package dev.segue.benchmarks;

import dev.segue.benchmarks.throttle.ThrottledRun;
import dev.segue.test.database.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures everything, or a part of it, and writes the report. */
public final class Benchmarks {

    /** What a shell hears of a command that was called wrongly. */
    private static final int MISUSED = 2;

    private Benchmarks() {}

    /** @param args see {@link Options#USAGE} */
    public static void main(String... args) throws Exception {
        if (List.of(args).contains("--help")) {
            System.out.println(Options.USAGE);
            return;
        }
        try {
            run(args);
        } catch (MisuseException e) {
            System.err.println(e.getMessage());
            System.exit(MISUSED);
        }
    }

    static void run(String... args) throws Exception {
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
            throw new MisuseException("Nothing has been measured: no line's id begins with any of "
                    + options.only() + ". The ids stand in performance.json; they begin with "
                    + Arrays.stream(Suites.values()).map(Suites::id).toList() + ".");
        }
        System.out.println(report.table());
        if (options.quick()) {
            System.out.println("One round over few rows, cold: everything runs, and the ratios say nothing.");
        }
    }

    private static List<Result> measure(Suites which, Lines lines, Options options) throws Exception {
        int often = options.quick() ? 1 : which.often();
        Race race = new Race(options.quick() ? 0 : often, options.rounds() * often);
        Duration warmUp = options.quick() ? Duration.ZERO : which.warmUp();
        List<Result> results = new ArrayList<>();
        try (Suite suite = which.open(lines, options)) {
            List<? extends Experiment> wanted = suite.experiments().stream()
                    .filter(one -> one.lines().stream().anyMatch(options::wants))
                    .toList();
            List<? extends Experiment> cold = warmUp.isZero() ? List.of() : wanted;
            race.warmUp(cold, warmUp, new Progress(System.out, cold.size()));
            Progress progress = new Progress(System.out, wanted.size() * race.length());
            for (Experiment experiment : wanted) {
                results.addAll(race.run(experiment, progress));
            }
        }
        return options.quick() ? results.stream().map(Result::withoutGoal).toList() : results;
    }
}

package dev.segue.sample.show;

import java.io.PrintStream;
import java.util.List;

/** The table at the end. */
final class Summary {

    private static final String ROW = "  %-34s %8s %10s %8s %9s %9s %9s%n";

    private Summary() {}

    static void print(PrintStream out, Scoreboard scoreboard, List<String> facts) {
        out.println();
        out.printf(ROW, "step", "took", "requests", "failed", "p50", "p99", "max");
        for (Scoreboard.Step step : scoreboard.steps()) {
            out.printf(
                    ROW,
                    step.title(),
                    "%.1f s".formatted(step.took().toMillis() / 1e3),
                    "%,d".formatted(step.requests()),
                    step.failed(),
                    millis(step, step.p50()),
                    millis(step, step.p99()),
                    millis(step, step.max()));
        }
        out.println();
        facts.forEach(fact -> out.println("  " + fact));
        out.println();
    }

    private static String millis(Scoreboard.Step step, double millis) {
        return step.requests() == 0 ? "-" : "%.0f ms".formatted(millis);
    }
}

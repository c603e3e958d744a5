package dev.segue.benchmarks.throttle;

import dev.segue.backfill.ThrottleSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is seen of a pass and of a replica, once a second. */
final class Samples {

    private static final Duration BETWEEN = Duration.ofSeconds(1);

    /** A stop is heard of within a second, after the batch that is under way. */
    private static final int IN_THE_END = 3;

    private final PrintStream out;
    private final ThrottleSignal lag;
    private final SlowPass pass;
    private final List<Long> rows = new ArrayList<>();
    private double worstLag;

    Samples(PrintStream out, ThrottleSignal lag, SlowPass pass) {
        this.out = out;
        this.lag = lag;
        this.pass = pass;
    }

    /** Forgets what was before. */
    void take(String what, Duration time) throws Exception {
        out.printf("The replica %s.%n%8s %8s %12s  %s%n", what, "time", "lag", "rows/s", "waits for");
        rows.clear();
        worstLag = 0;
        long before = pass.rowsDone();
        long began = System.nanoTime();
        long last = began;
        while (System.nanoTime() - began < time.toNanos()) {
            Thread.sleep(BETWEEN.toMillis());
            long now = System.nanoTime();
            long done = pass.rowsDone();
            double seconds = (now - last) / 1e9;
            rows.add(done - before);
            out.printf(
                    "%6.0f s %8s %,12.0f  %s%n", (now - began) / 1e9, lag(), (done - before) / seconds, pass.words());
            before = done;
            last = now;
        }
    }

    private String lag() {
        try {
            double seconds = lag.read();
            worstLag = Math.max(worstLag, seconds);
            return "%.1f s".formatted(seconds);
        } catch (Exception e) {
            return "unknown";
        }
    }

    long rows() {
        return rows.stream().mapToLong(Long::longValue).sum();
    }

    long rowsInTheEnd() {
        return rows.stream()
                .skip(Math.max(0, rows.size() - IN_THE_END))
                .mapToLong(Long::longValue)
                .sum();
    }

    double worstLag() {
        return worstLag;
    }
}

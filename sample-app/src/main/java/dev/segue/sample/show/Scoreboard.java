package dev.segue.sample.show;

import dev.segue.sample.fleet.Backend;
import dev.segue.sample.fleet.RequestLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Counts and times the requests, step by step. Safe for use by several threads. */
final class Scoreboard implements RequestLog, AutoCloseable {

    /** What a step came to; times in milliseconds. */
    record Step(String title, Duration took, long requests, int failed, double p50, double p99, double max) {}

    private static final class Running {

        private final String title;
        private final long began = System.nanoTime();
        private final Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(5), 3);
        private int failed;

        Running(String title) {
            this.title = title;
        }

        Step step() {
            return new Step(
                    title,
                    Duration.ofNanos(System.nanoTime() - began),
                    nanos.getTotalCount(),
                    failed,
                    nanos.getValueAtPercentile(50) / 1e6,
                    nanos.getValueAtPercentile(99) / 1e6,
                    nanos.getMaxValue() / 1e6);
        }
    }

    private static final int SHOWN = 10;

    private final List<Step> done = new ArrayList<>();
    private final List<String> first = new ArrayList<>();
    private final BufferedWriter failures;
    private Running running = new Running("");
    private long requests;
    private int failed;
    private int wrongReads;

    Scoreboard(Path failures) {
        try {
            this.failures = Files.newBufferedWriter(failures);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + failures, e);
        }
    }

    /** Ends the step at hand, if there is one, and begins another. */
    synchronized void begin(String title) {
        end();
        running = new Running(title);
    }

    synchronized void end() {
        if (!running.title.isEmpty()) {
            done.add(running.step());
        }
        running = new Running("");
    }

    @Override
    public synchronized void answered(long nanos) {
        requests++;
        running.nanos.recordValue(Math.min(nanos, running.nanos.getHighestTrackableValue()));
    }

    @Override
    public synchronized void failed(Optional<Backend> backend, long beganNanos, String what) {
        failed++;
        running.failed++;
        log("failed", what);
    }

    synchronized void wrongRead(String what) {
        wrongReads++;
        log("wrong", what);
    }

    synchronized Step current() {
        return running.step();
    }

    synchronized List<Step> steps() {
        return List.copyOf(done);
    }

    synchronized long requests() {
        return requests;
    }

    synchronized int failed() {
        return failed;
    }

    synchronized int wrongReads() {
        return wrongReads;
    }

    /** What failed or was read wrong first; the rest is in the log. */
    synchronized List<String> firstFailures() {
        return List.copyOf(first);
    }

    private void log(String kind, String what) {
        String line = Instant.now() + "\t" + kind + "\t" + what;
        if (first.size() < SHOWN) {
            first.add(line);
        }
        try {
            failures.write(line);
            failures.newLine();
            failures.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the log of failures", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            failures.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

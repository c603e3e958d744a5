package dev.segue.sample.fire;

import dev.segue.sample.fleet.Backend;
import dev.segue.sample.fleet.RequestLog;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Counts what the clients see. Safe for use by several threads. */
final class Tally implements RequestLog, AutoCloseable {

    /** Deadlocks, lock timeouts, and MySQL's error 1412, in the words of the drivers. */
    private static final Pattern CONTENTION = Pattern.compile(
            "deadlock|lock timeout|Lock wait timeout|Table definition has changed", Pattern.CASE_INSENSITIVE);

    private static final int KEPT = 10;

    private final Faults faults;
    private final BufferedWriter file;
    private final List<String> findings = new ArrayList<>();
    private long requests;
    private int excused;
    private int failed;
    private int contended;
    private int wrongReads;
    private int differing;

    Tally(Faults faults, Path file) {
        this.faults = faults;
        try {
            this.file = Files.newBufferedWriter(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + file, e);
        }
    }

    @Override
    public synchronized void answered(long nanos) {
        requests++;
    }

    @Override
    public synchronized void failed(Optional<Backend> backend, long began, String what) {
        if (CONTENTION.matcher(what).find()) {
            contended++;
            found("contended", what);
        }
        if (faults.excuse(backend, began, System.nanoTime())) {
            excused++;
            log("excused", what);
        } else {
            failed++;
            found("failed", what);
        }
    }

    synchronized void wrongRead(String what) {
        wrongReads++;
        found("wrong read", what);
    }

    /** Rows of which two columns are said to hold the same, and do not. */
    synchronized void differ(long rows, String what) {
        differing += (int) rows;
        found("differ", what);
    }

    synchronized boolean hasFindings() {
        return !findings.isEmpty();
    }

    /** The first of what must not be, in words. */
    synchronized List<String> findings() {
        return List.copyOf(findings);
    }

    synchronized long requests() {
        return requests;
    }

    synchronized int excused() {
        return excused;
    }

    synchronized int failed() {
        return failed;
    }

    synchronized int contended() {
        return contended;
    }

    synchronized int wrongReads() {
        return wrongReads;
    }

    synchronized int differing() {
        return differing;
    }

    /** Puts a line before all findings. */
    synchronized void note(String what) {
        findings.add(0, what);
    }

    private void found(String kind, String what) {
        if (findings.size() < KEPT) {
            findings.add(kind + ": " + what);
        }
        log(kind, what);
    }

    private void log(String kind, String what) {
        try {
            file.write(Instant.now() + "\t" + kind + "\t" + what);
            file.newLine();
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the log of failures", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

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

    private static final Pattern OLD_SNAPSHOT =
            Pattern.compile("Table definition has changed", Pattern.CASE_INSENSITIVE);

    private static final int KEPT = 10;

    /** Whether something has happened between two moments, by {@link System#nanoTime}. */
    interface Happened {
        boolean between(long from, long to);
    }

    /** A request that is not judged yet. */
    private record Suspect(Optional<Backend> backend, long began, long ended, String what) {}

    private final Faults faults;
    private final BufferedWriter file;
    private final List<String> findings = new ArrayList<>();
    private final List<Suspect> suspects = new ArrayList<>();
    private boolean suspending;
    private Optional<String> firstWrong = Optional.empty();
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
        Suspect suspect = new Suspect(backend, began, System.nanoTime(), what);
        if (suspending && OLD_SNAPSHOT.matcher(what).find()) {
            suspects.add(suspect);
        } else {
            judge(suspect);
        }
    }

    private void judge(Suspect failure) {
        if (CONTENTION.matcher(failure.what).find()) {
            contended++;
            found("contended", failure.what);
        }
        if (faults.excuse(failure.backend, failure.began, failure.ended)) {
            excused++;
            log("excused", failure.what);
        } else {
            failed++;
            found("failed", failure.what);
        }
    }

    /** From now on error 1412 may be right: who meets it is remembered. */
    synchronized void suspendJudgementOnOldSnapshots() {
        suspending = true;
    }

    /**
     * Excuses those whose table has changed under them, and no others.
     *
     * @return how many these are
     */
    synchronized int judgeOldSnapshots(Happened change) {
        suspending = false;
        int right = 0;
        for (Suspect suspect : suspects) {
            if (change.between(suspect.began, suspect.ended)) {
                right++;
                log("excused", suspect.what);
            } else {
                judge(suspect);
            }
        }
        suspects.clear();
        excused += right;
        return right;
    }

    synchronized void wrongRead(String what) {
        wrongReads++;
        wrong("wrong read");
        found("wrong read", what);
    }

    /** Rows of which two columns are said to hold the same, and do not. */
    synchronized void differ(long rows, String what) {
        differing += (int) rows;
        wrong("differ");
        found("differ", what);
    }

    private void wrong(String kind) {
        if (firstWrong.isEmpty()) {
            firstWrong = Optional.of(kind);
        }
    }

    /** As what wrong data were first seen; a request that has only failed is none. */
    synchronized Optional<String> firstWrong() {
        return firstWrong;
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

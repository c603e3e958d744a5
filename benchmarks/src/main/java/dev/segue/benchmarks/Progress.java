package dev.segue.benchmarks;

import java.io.PrintStream;
import java.time.Duration;

/** Tells how far a suite is, and for how long it goes on if what is left takes as long as what is done. For one thread. */
final class Progress {

    private final PrintStream out;
    private final int rounds;
    private final long began = System.nanoTime();
    private int done;

    /** @param rounds in all */
    Progress(PrintStream out, int rounds) {
        this.out = out;
        this.rounds = rounds;
    }

    void done(String what) {
        done++;
        out.printf("[%d/%d, %s] %s%n", done, rounds, left(Duration.ofNanos(System.nanoTime() - began)), what);
    }

    private String left(Duration soFar) {
        Duration left = soFar.multipliedBy(rounds - done).dividedBy(done);
        return left.toMinutes() > 0 ? "about " + left.toMinutes() + " min left" : left.toSeconds() + " s left";
    }
}

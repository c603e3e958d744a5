package dev.segue.sample.fleet;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The moment after which the show gives up. */
public final class Deadline {

    private static final long POLL_MILLIS = 200;

    private final Duration timeout;
    private final long end;

    private Deadline(Duration timeout) {
        this.timeout = timeout;
        this.end = System.nanoTime() + timeout.toNanos();
    }

    public static Deadline in(Duration timeout) {
        return new Deadline(timeout);
    }

    /**
     * Waits until the condition holds.
     *
     * @throws StoppedException if it does not hold in time, or the thread is interrupted
     */
    public void await(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new StoppedException(
                        "Gave up after " + timeout.toSeconds() + " s (--timeout) waiting for " + what + ".");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException("Interrupted while waiting for " + what + ".");
            }
        }
    }
}

package dev.segue.schema;

import java.time.Duration;

/**
 * How a statement waits for its lock: shortly, because whatever the application runs on the table meanwhile queues
 * behind it, and again after a pause, because the next moment may be free.
 *
 * @param timeout how long one attempt waits; positive. MySQL counts in whole seconds and waits at least one.
 * @param shortestPause between two attempts
 * @param longestPause between two attempts; the real one is random, so that nodes do not march in step
 * @param attempts at least one; there is never one without the timeout
 */
public record LockPatience(Duration timeout, Duration shortestPause, Duration longestPause, int attempts) {

    public static final LockPatience DEFAULT =
            new LockPatience(Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(30), 100);

    /** @throws IllegalArgumentException if a value is out of its range */
    public LockPatience {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the lock timeout must be positive");
        }
        if (shortestPause.isNegative() || longestPause.compareTo(shortestPause) < 0) {
            throw new IllegalArgumentException("the pause must go from a shorter to a longer time");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("there must be at least one attempt");
        }
    }
}

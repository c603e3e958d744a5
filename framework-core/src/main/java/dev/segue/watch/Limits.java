package dev.segue.watch;

import java.time.Duration;

/**
 * How much worse work may be in a phase than it was in the one before.
 *
 * <p>A statement is slow if it takes {@code slowdown} times as long as 95 of 100 did before, and {@code slowdownTime} longer
 * than that as well: what takes half a millisecond may take two.
 *
 * @param window how long one measurement is; it takes three in a row to go back
 * @param leastCount statements that one measurement should have; with fewer it takes twice as long
 * @param slowdown at least 1
 * @param slowdownTime at least 0
 * @param slowShare the share of statements that may be slow beyond what was so before; above 0, at most 1
 * @param errorShare the share of transactions that may be rolled back beyond what was before; above 0, at most 1
 */
public record Limits(
        Duration window, int leastCount, double slowdown, Duration slowdownTime, double slowShare, double errorShare) {

    /** A node goes back within half a minute also where each measurement has to be taken twice as long. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(4), 10, 3, Duration.ofMillis(10), 0.05, 0.05);

    public Limits {
        require(window.compareTo(Duration.ofMillis(500)) >= 0, "a window is at least half a second");
        require(leastCount > 0, "a measurement needs at least one statement");
        require(slowdown >= 1, "what takes less than once as long is not slower");
        require(!slowdownTime.isNegative(), "a time cannot be negative");
        require(
                slowShare > 0 && slowShare <= 1 && errorShare > 0 && errorShare <= 1,
                "a share is above 0, and at most 1");
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

package dev.segue.backfill;

import java.time.Duration;

/**
 * How many rows a batch has, so that each takes the database about as long as it should: what other transactions may
 * have to wait for a row.
 *
 * <p>Not thread-safe; each worker has its own.
 */
final class Pace {

    private static final int FIRST = 1_000;
    private static final int FEWEST = 10;
    private static final int MOST = 50_000;
    private static final double FASTEST_GROWTH = 1.5;

    private final double target;
    private double rows = FIRST;

    /** @param target how long a batch should take */
    Pace(Duration target) {
        this.target = Math.max(1, target.toNanos());
    }

    int rows() {
        return (int) rows;
    }

    /** A batch of the present size took so long. */
    void took(long nanos) {
        double factor = Math.min(FASTEST_GROWTH, target / Math.max(1, nanos));
        rows = Math.max(FEWEST, Math.min(MOST, rows * factor));
    }

    /** A batch of the present size lost against somebody else, or ran into a timeout. */
    void failed() {
        rows = Math.max(FEWEST, rows / 2);
    }
}

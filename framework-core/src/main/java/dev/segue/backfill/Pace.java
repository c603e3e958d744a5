package dev.segue.backfill;

import java.time.Duration;

/**
 * How hard a worker may push.
 *
 * @param targetBatchTime how long one batch should take in the database
 * @param firstBatch rows of the first batch, before anything has been measured
 * @param maxBatch rows that no batch exceeds, however fast they are
 * @param maxRowsPerSecond for each worker, which takes a tenth of them at a time at most, or fewer that take 5 ms; 0 is
 *     without limit
 * @param workers at a pass, over all nodes; a node has as many if no other takes part
 * @param throttle is asked between batches
 */
public record Pace(
        Duration targetBatchTime, int firstBatch, int maxBatch, long maxRowsPerSecond, int workers, Throttle throttle) {

    /** No pass has more. */
    static final int MOST_WORKERS = 64;

    /** Two workers, batches of 200 ms, and no limit to their number. */
    public static final Pace DEFAULT = new Pace(Duration.ofMillis(200), 1_000, 50_000, 0);

    /** @throws IllegalArgumentException if there is no such pace */
    public Pace {
        if (targetBatchTime.isZero() || targetBatchTime.isNegative()) {
            throw new IllegalArgumentException("The target batch time must be above zero: " + targetBatchTime);
        }
        if (firstBatch < 1 || maxBatch < firstBatch || maxRowsPerSecond < 0) {
            throw new IllegalArgumentException("A batch has at least one row, at most maxBatch, and no rate is"
                    + " negative: first " + firstBatch + ", max " + maxBatch + ", rows/s " + maxRowsPerSecond);
        }
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException("There are 1 to " + MOST_WORKERS + " workers, not " + workers);
        }
    }

    /** A pace of two workers that nothing throttles. */
    public Pace(Duration targetBatchTime, int firstBatch, int maxBatch, long maxRowsPerSecond) {
        this(targetBatchTime, firstBatch, maxBatch, maxRowsPerSecond, 2, Throttle.NONE);
    }

    /** The same pace with another target. */
    public Pace withTargetBatchTime(Duration target) {
        return new Pace(target, firstBatch, maxBatch, maxRowsPerSecond, workers, throttle);
    }

    /** The same pace under another throttle. */
    public Pace withThrottle(Throttle other) {
        return new Pace(targetBatchTime, firstBatch, maxBatch, maxRowsPerSecond, workers, other);
    }

    /** The same pace, not faster than that. */
    public Pace withMaxRowsPerSecond(long rows) {
        return new Pace(targetBatchTime, firstBatch, maxBatch, rows, workers, throttle);
    }

    /** The same pace with as many workers over all nodes. */
    public Pace withWorkers(int number) {
        return new Pace(targetBatchTime, firstBatch, maxBatch, maxRowsPerSecond, number, throttle);
    }
}

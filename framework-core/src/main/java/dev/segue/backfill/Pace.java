package dev.segue.backfill;

import java.time.Duration;

/**
 * How hard a worker may push.
 *
 * @param targetBatchTime how long one batch should take in the database
 * @param firstBatch rows of the first batch, before anything has been measured
 * @param maxBatch rows that no batch exceeds, however fast they are
 * @param maxRowsPerSecond for each worker; 0 is without limit
 * @param throttle is asked between batches
 */
public record Pace(Duration targetBatchTime, int firstBatch, int maxBatch, long maxRowsPerSecond, Throttle throttle) {

    /** Batches of 200 ms, and no limit to their number. */
    public static final Pace DEFAULT = new Pace(Duration.ofMillis(200), 1_000, 50_000, 0);

    public Pace {
        if (targetBatchTime.isZero() || targetBatchTime.isNegative()) {
            throw new IllegalArgumentException("The target batch time must be above zero: " + targetBatchTime);
        }
        if (firstBatch < 1 || maxBatch < firstBatch || maxRowsPerSecond < 0) {
            throw new IllegalArgumentException("A batch has at least one row, at most maxBatch, and no rate is"
                    + " negative: first " + firstBatch + ", max " + maxBatch + ", rows/s " + maxRowsPerSecond);
        }
    }

    /** A pace that nothing throttles. */
    public Pace(Duration targetBatchTime, int firstBatch, int maxBatch, long maxRowsPerSecond) {
        this(targetBatchTime, firstBatch, maxBatch, maxRowsPerSecond, Throttle.NONE);
    }

    /** The same pace, without batches above that size. */
    Pace upTo(int rows) {
        return new Pace(
                targetBatchTime, Math.min(firstBatch, rows), Math.min(maxBatch, rows), maxRowsPerSecond, throttle);
    }

    /** The same pace with another target. */
    public Pace withTargetBatchTime(Duration target) {
        return new Pace(target, firstBatch, maxBatch, maxRowsPerSecond, throttle);
    }

    /** The same pace under another throttle. */
    public Pace withThrottle(Throttle other) {
        return new Pace(targetBatchTime, firstBatch, maxBatch, maxRowsPerSecond, other);
    }

    /** The same pace, not faster than that. */
    public Pace withMaxRowsPerSecond(long rows) {
        return new Pace(targetBatchTime, firstBatch, maxBatch, rows, throttle);
    }
}

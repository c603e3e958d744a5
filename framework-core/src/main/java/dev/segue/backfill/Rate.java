package dev.segue.backfill;

/** Rows a second of one worker over its last batches, pauses included. */
final class Rate {

    /** The weight of the past. */
    private static final double INERTIA = 0.7;

    private long since = System.nanoTime();
    private double rowsPerSecond;

    /** Counts the rows of a batch that is about to end. */
    double count(long rows) {
        long now = System.nanoTime();
        double last = rows * 1e9 / Math.max(1, now - since);
        rowsPerSecond = rowsPerSecond == 0 ? last : INERTIA * rowsPerSecond + (1 - INERTIA) * last;
        since = now;
        return rowsPerSecond;
    }
}

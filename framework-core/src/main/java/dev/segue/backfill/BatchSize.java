package dev.segue.backfill;

import java.time.Duration;

/**
 * How many rows the next batch of one table takes: follows the measured time towards the target, up by at most half of
 * itself a step, and down by half of itself after a timeout or a lost deadlock.
 *
 * <p>Whoever sets a rate wants the rows evenly, and locked as briefly as possible. So under a rate a batch is over soon: who
 * waits for one of its rows waits no longer than that. It is only not so small that what a batch costs besides its rows would
 * keep it from the rate.
 */
final class BatchSize {

    private static final double STEP_UP = 1.5;
    private static final double STEP_DOWN = 0.5;

    /** At least, under a rate that allows one row in each. */
    private static final double BATCHES_OF_A_SECOND = 10;

    private static final double BRIEF_NANOS = Duration.ofMillis(5).toNanos();

    /** Of the time that its rows may take under a rate. */
    private static final double MOST_OF_ITS_TURN = 0.5;

    private final int most;
    private double targetNanos;
    private double rowsPerSecond;
    private double max;
    private double rows;

    /**
     * @param most rows, whatever the pace says
     * @param first rows of the first batch, if there are few
     */
    BatchSize(Pace pace, int most, long first) {
        this.most = most;
        this.rows = Math.max(1, Math.min(pace.firstBatch(), first));
        follow(pace);
    }

    /** From now on the pace is another one. */
    void follow(Pace pace) {
        targetNanos = pace.targetBatchTime().toNanos();
        rowsPerSecond = pace.maxRowsPerSecond();
        double evenly = rowsPerSecond == 0 ? pace.maxBatch() : rowsPerSecond / BATCHES_OF_A_SECOND;
        max = Math.max(1, Math.min(most, Math.min(pace.maxBatch(), evenly)));
        rows = Math.min(rows, max);
    }

    int rows() {
        return (int) rows;
    }

    /** A batch was done. One that had fewer rows than asked for says nothing about a larger one. */
    void took(long rowsRead, Duration time) {
        double nanos = Math.max(1, time.toNanos());
        double factor = targetNanos(nanos) / nanos;
        if (factor < 1 || rowsRead >= rows()) {
            scale(Math.max(STEP_DOWN, Math.min(STEP_UP, factor)));
        }
    }

    private double targetNanos(double nanos) {
        boolean brief = rowsPerSecond > 0 && nanos < MOST_OF_ITS_TURN * rows / rowsPerSecond * 1e9;
        return brief ? Math.min(targetNanos, BRIEF_NANOS) : targetNanos;
    }

    /** A batch has ended before its time: so many rows were enough. */
    void cut(long rowsRead) {
        rows = Math.max(1, Math.min(rows, (double) rowsRead));
    }

    /** A batch took too long or stood in somebody's way. */
    void failed() {
        scale(STEP_DOWN);
    }

    private void scale(double factor) {
        // A batch of one row must be able to grow again.
        double next = factor > 1 ? Math.max(rows * factor, rows + 1) : rows * factor;
        rows = Math.max(1, Math.min(max, next));
    }
}

package dev.segue.backfill;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an operator changes of a pace while the work goes on, for the whole fleet. What is null stays as each node's
 * configuration has it.
 *
 * @param targetBatchTime how long one batch should take in the database
 * @param maxRowsPerSecond for each worker; 0 is without limit
 * @param workers over all nodes
 */
public record Tuning(
        @Nullable Duration targetBatchTime,
        @Nullable Long maxRowsPerSecond,
        @Nullable Integer workers) {

    /** As configured. */
    public static final Tuning NONE = new Tuning(null, null, null);

    /** @throws IllegalArgumentException if there is no such pace */
    public Tuning {
        new Pace(
                targetBatchTime == null ? Pace.DEFAULT.targetBatchTime() : targetBatchTime,
                1,
                1,
                maxRowsPerSecond == null ? 0 : maxRowsPerSecond,
                workers == null ? 1 : workers,
                Throttle.NONE);
    }

    Pace of(Pace configured) {
        return new Pace(
                targetBatchTime == null ? configured.targetBatchTime() : targetBatchTime,
                configured.firstBatch(),
                configured.maxBatch(),
                maxRowsPerSecond == null ? configured.maxRowsPerSecond() : maxRowsPerSecond,
                workers == null ? configured.workers() : workers,
                configured.throttle());
    }

    /** For people. */
    @Override
    public String toString() {
        return equals(NONE)
                ? "as configured"
                : Stream.of(
                                targetBatchTime == null ? "" : "batches of " + targetBatchTime.toMillis() + " ms",
                                maxRowsPerSecond == null ? "" : "at most " + maxRowsPerSecond + " rows/s (0: no limit)",
                                workers == null ? "" : workers + " worker(s)")
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(", "));
    }
}

package dev.segue.spring;

import dev.segue.backfill.ThrottleSignal;
import dev.segue.watch.Sample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long the slowest of a hundred statements of this node takes, over the last seconds. What still runs counts with the
 * time that it has taken. A node that runs no statements has nothing to say. Thread-safe.
 */
final class StatementLatency implements ThrottleSignal {

    private static final long LOOKED_BACK = Duration.ofSeconds(10).toNanos();
    private static final double SHARE = 0.99;

    private record Reading(long at, Sample sample) {}

    private final Supplier<Sample> all;
    private final double limit;
    private final LongSupplier nanos;
    private final Deque<Reading> readings = new ArrayDeque<>();

    /** @param all that has been measured since the start */
    StatementLatency(Supplier<Sample> all, Duration limit, LongSupplier nanos) {
        this.all = all;
        this.limit = limit.toNanos() / 1e6;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "the time of 99 of 100 statements of the application";
    }

    @Override
    public String unit() {
        return "ms";
    }

    @Override
    public double limit() {
        return limit;
    }

    @Override
    public synchronized double read() {
        long now = nanos.getAsLong();
        // The last one stays: whoever asks rarely hears of the time since then.
        while (readings.size() > 1 && now - readings.getFirst().at() > LOOKED_BACK) {
            readings.removeFirst();
        }
        readings.addLast(new Reading(now, all.get()));
        return readings.getLast()
                .sample()
                .since(readings.getFirst().sample())
                .latencyMillis(SHARE)
                .orElse(0);
    }
}

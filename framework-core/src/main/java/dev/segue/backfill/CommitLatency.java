package dev.segue.backfill;

import java.time.Duration;

/**
 * How long the commits of Segue's own batches take, which is how long the disk and a synchronous standby take. While no
 * batch commits, because the work is stopped, the last reading fades, so that it is tried again. Thread-safe.
 */
public final class CommitLatency implements ThrottleSignal {

    /** The weight of the past. */
    private static final double INERTIA = 0.7;

    private static final double FADE = 0.8;

    private final double limit;
    private double millis;
    private boolean heard;

    public CommitLatency(Duration limit) {
        this.limit = limit.toNanos() / 1e6;
    }

    @Override
    public String name() {
        return "the time of a commit";
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
        if (!heard) {
            millis *= FADE;
        }
        heard = false;
        return millis;
    }

    @Override
    public synchronized void committed(Duration took) {
        double last = took.toNanos() / 1e6;
        millis = millis == 0 ? last : INERTIA * millis + (1 - INERTIA) * last;
        heard = true;
    }
}

package dev.segue.fleet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks of a machine that move only when they are told to. */
public final class TestClock implements NodeClock {

    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    private final AtomicLong wallMillis = new AtomicLong(Duration.ofDays(20_000).toMillis());

    /** Time passes. */
    public void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        wallMillis.addAndGet(time.toMillis());
    }

    /** Time passes while the machine is suspended, and its monotonic clock with it. */
    public void suspend(Duration time) {
        wallMillis.addAndGet(time.toMillis());
    }

    /** Somebody sets the wall clock. */
    public void setWall(Duration by) {
        wallMillis.addAndGet(by.toMillis());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }

    @Override
    public long wallMillis() {
        return wallMillis.get();
    }
}

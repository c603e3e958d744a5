package dev.segue.hibernate;

import dev.segue.fleet.NodeClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves only when it is told to. */
final class LateClock implements NodeClock {

    private final AtomicLong millis = new AtomicLong(Duration.ofDays(20_000).toMillis());

    void advance(Duration time) {
        millis.addAndGet(time.toMillis());
    }

    @Override
    public long nanos() {
        return millis.get() * 1_000_000;
    }

    @Override
    public long wallMillis() {
        return millis.get();
    }
}

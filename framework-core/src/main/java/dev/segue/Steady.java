package dev.segue;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets a piece of work through once it has been called for without a break for some time. A node that is restarted in the
 * middle of a rolling deploy is gone for a moment, and what the others ask for then is not what the fleet wants.
 *
 * <p>Thread-safe.
 */
final class Steady {

    /** What is called for, and since when. */
    private record Call(Object work, long since) {}

    private final long nanos;
    private final Map<String, Call> calls = new ConcurrentHashMap<>();

    Steady(Duration time) {
        this.nanos = time.toNanos();
    }

    /** Whether this work has been called for for so long. */
    boolean stands(String change, Object work) {
        long now = System.nanoTime();
        Call call = calls.compute(
                change, (id, before) -> before != null && before.work().equals(work) ? before : new Call(work, now));
        return now - call.since() >= nanos;
    }

    /** Nothing, or something else that may begin at once, is called for. */
    void interrupt(String change) {
        calls.remove(change);
    }
}

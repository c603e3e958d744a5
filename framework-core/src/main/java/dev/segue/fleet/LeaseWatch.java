package dev.segue.fleet;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out whose lease is over without trusting any wall clock: a node is gone when this one has seen its registration
 * unchanged for as long as its lease lasts, by the own monotonic clock. The node itself counts from before it sent its
 * last renewal, which is earlier than anybody can have seen it; so it always knows first. A database whose clock jumps,
 * or that is replaced by another with another clock, neither ends a healthy node nor keeps a dead one.
 *
 * <p>As clients of a lock service do it that does not share a clock with them: see the lease of C. Gray and D. Cheriton,
 * "Leases: an efficient fault-tolerant mechanism for distributed file cache consistency" (SOSP 1989).
 *
 * <p>Thread-safe.
 */
final class LeaseWatch {

    private record Key(String change, String node) {}

    /** What a registration looked like, and since when it has. */
    private record Seen(long generation, long renewal, long since) {}

    private final NodeClock clock;
    private final Map<Key, Seen> seen = new ConcurrentHashMap<>();

    LeaseWatch(NodeClock clock) {
        this.clock = clock;
    }

    /**
     * Looks at a registration. Each look counts; without the first there is no second.
     *
     * @param renewal another number after each renewal
     * @param lease how long the node's lease lasts
     * @return whether it has been silent for longer than that
     */
    boolean isOver(String change, String node, long generation, long renewal, Duration lease) {
        long now = clock.nanos();
        Seen last = seen.compute(
                new Key(change, node),
                (key, before) -> before != null && before.generation() == generation && before.renewal() == renewal
                        ? before
                        : new Seen(generation, renewal, now));
        return now - last.since() > lease.toNanos();
    }

    /** Forgets the nodes of a change that are none of these any more. */
    void keepOnly(String change, Set<String> registered) {
        seen.keySet().removeIf(key -> key.change().equals(change) && !registered.contains(key.node()));
    }
}

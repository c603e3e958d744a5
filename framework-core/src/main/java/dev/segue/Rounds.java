package dev.segue;

import java.time.Duration;

/**
 * How often a node looks at the registry: half a second apart in a small fleet; in a large one rarer, so that all nodes
 * together ask about as often as ten do, but at least four times in a lease, so that what an operator says is heard
 * within one renewal, which is a third of it.
 *
 * <p>A look reads every participant. Two hundred nodes that look twice a second at five changes keep most of a core of the
 * database busy. For one thread.
 */
final class Rounds {

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration FOR_EACH_NODE = Duration.ofMillis(50);

    private final Duration lease;
    private long last = System.nanoTime();
    private boolean begun;

    Rounds(Duration lease) {
        this.lease = lease;
    }

    /** How long after the last round the next one is due. */
    Duration pause(int nodes) {
        Duration wanted = FOR_EACH_NODE.multipliedBy(nodes);
        Duration longest = lease.dividedBy(4);
        Duration pause = wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** Whether a round is due; then it counts as begun. */
    boolean isDue(int nodes) {
        long now = System.nanoTime();
        if (begun && now - last < pause(nodes).toNanos()) {
            return false;
        }
        begun = true;
        last = now;
        return true;
    }
}

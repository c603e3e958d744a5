package dev.segue.sample.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Deals requests out in turn to the nodes that are in rotation, and lets a node finish what it has before it is
 * stopped, as the balancer before any rolling deploy does. It never tries a request twice.
 */
public final class LoadBalancer {

    /** One request on its way; closed when it has its answer. */
    public final class Passage implements AutoCloseable {

        private final Backend backend;

        private Passage(Backend backend) {
            this.backend = backend;
        }

        public Backend backend() {
            return backend;
        }

        @Override
        public void close() {
            leave(backend);
        }
    }

    private final List<Backend> inRotation = new ArrayList<>();
    private final Map<Backend, Integer> inFlight = new HashMap<>();
    private int turn;

    public synchronized void add(Backend backend) {
        inRotation.add(backend);
    }

    /** Sends nobody there from now on; what is on its way is left alone. */
    public synchronized void remove(Backend backend) {
        inRotation.remove(backend);
    }

    /**
     * @throws IllegalStateException if no node is in rotation
     */
    public synchronized Passage enter() {
        if (inRotation.isEmpty()) {
            throw new IllegalStateException("No node is in rotation");
        }
        turn = (turn + 1) % inRotation.size();
        Backend backend = inRotation.get(turn);
        inFlight.merge(backend, 1, Integer::sum);
        return new Passage(backend);
    }

    /**
     * Takes the node out of rotation and waits until the requests that it has are answered.
     *
     * @return whether they were all answered in time
     */
    public synchronized boolean drain(Backend backend, Duration patience) throws InterruptedException {
        inRotation.remove(backend);
        long end = System.nanoTime() + patience.toNanos();
        while (inFlight.containsKey(backend)) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }

    private synchronized void leave(Backend backend) {
        inFlight.computeIfPresent(backend, (key, count) -> count == 1 ? null : count - 1);
        notifyAll();
    }
}

package dev.segue.sample.fire;

import dev.segue.sample.fleet.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What has been done to whom and for how long: only then and there may a client see an error. Safe for use by several
 * threads.
 */
final class Faults {

    /** One fault; it is over when it is closed, and not before. */
    final class Fault implements AutoCloseable {

        private final Optional<Backend> victim;
        private final long began = System.nanoTime();
        private Optional<Long> ended = Optional.empty();

        private Fault(Optional<Backend> victim) {
            this.victim = victim;
        }

        private boolean excuses(Optional<Backend> backend, long from, long to) {
            return (victim.isEmpty() || victim.equals(backend))
                    && began - to < 0
                    && (ended.isEmpty() || from - ended.get() < 0);
        }

        @Override
        public void close() {
            synchronized (all) {
                ended = Optional.of(System.nanoTime());
            }
        }
    }

    private final List<Fault> all = new ArrayList<>();

    /** Something is about to be done to one node, as this process of it. */
    Fault on(Backend victim) {
        return begin(Optional.of(victim));
    }

    /** Something is about to be done to the database, and so to every node. */
    Fault onAll() {
        return begin(Optional.empty());
    }

    private Fault begin(Optional<Backend> victim) {
        Fault fault = new Fault(victim);
        synchronized (all) {
            all.add(fault);
        }
        return fault;
    }

    /** Whether a request to this node that was on its way in this time may have failed. */
    boolean excuse(Optional<Backend> backend, long from, long to) {
        synchronized (all) {
            return all.stream().anyMatch(fault -> fault.excuses(backend, from, to));
        }
    }

    int count() {
        synchronized (all) {
            return all.size();
        }
    }
}

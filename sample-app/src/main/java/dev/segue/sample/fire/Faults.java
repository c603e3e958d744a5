package dev.segue.sample.fire;

import dev.segue.sample.fleet.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<String, Integer> kinds = new LinkedHashMap<>();

    /**
     * Something is about to be done to one node, as this process of it.
     *
     * @param what is done, in a few words
     */
    Fault on(Backend victim, String what) {
        return begin(what, Optional.of(victim));
    }

    /** Something is about to be done to the database, and so to every node. */
    Fault onAll(String what) {
        return begin(what, Optional.empty());
    }

    private Fault begin(String what, Optional<Backend> victim) {
        Fault fault = new Fault(victim);
        synchronized (all) {
            all.add(fault);
        }
        onNobody(what);
        return fault;
    }

    /** Something is about to be done that is no excuse for any error. */
    void onNobody(String what) {
        synchronized (kinds) {
            kinds.merge(what, 1, Integer::sum);
        }
    }

    /** Whether a request to this node that was on its way in this time may have failed. */
    boolean excuse(Optional<Backend> backend, long from, long to) {
        synchronized (all) {
            return all.stream().anyMatch(fault -> fault.excuses(backend, from, to));
        }
    }

    /** How often what has been done, in the order in which each was done first. */
    Map<String, Integer> byKind() {
        synchronized (kinds) {
            return new LinkedHashMap<>(kinds);
        }
    }
}

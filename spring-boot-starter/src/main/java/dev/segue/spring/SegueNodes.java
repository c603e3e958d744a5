package dev.segue.spring;

import dev.segue.Segue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** The nodes of this application: one for each persistence unit that has changes. Thread-safe. */
public final class SegueNodes {

    private final List<Segue> nodes = new CopyOnWriteArrayList<>();
    private final List<Consumer<Segue>> greeters = new CopyOnWriteArrayList<>();
    private final Set<String> ended = new ConcurrentSkipListSet<>();
    private final Map<String, LongAdder> shadowMismatches = new ConcurrentHashMap<>();

    /** In the order in which they started; empty if no entity declares a change. */
    public List<Segue> all() {
        return List.copyOf(nodes);
    }

    /** Changes that are configured, that no entity declares any more, and that are over. */
    public Set<String> ended() {
        return Set.copyOf(ended);
    }

    /** How many shadow reads of a change have found here that its two sides differ. */
    public long shadowMismatches(String change) {
        LongAdder counted = shadowMismatches.get(change);
        return counted == null ? 0 : counted.sum();
    }

    /** Hands over every node that there is, and every one that comes. */
    synchronized void each(Consumer<Segue> greeter) {
        greeters.add(greeter);
        nodes.forEach(greeter);
    }

    synchronized void add(Segue node) {
        nodes.add(node);
        greeters.forEach(greeter -> greeter.accept(node));
    }

    void remove(Segue node) {
        nodes.remove(node);
    }

    void ended(List<String> changes) {
        ended.addAll(changes);
    }

    void shadowMismatch(String change) {
        shadowMismatches.computeIfAbsent(change, id -> new LongAdder()).increment();
    }
}

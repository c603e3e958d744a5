package dev.segue.spring;

import dev.segue.Segue;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The nodes of this application: one for each persistence unit that has changes. Thread-safe. */
public final class SegueNodes {

    private final List<Segue> nodes = new CopyOnWriteArrayList<>();

    /** In the order in which they started; empty if no entity declares a change. */
    public List<Segue> all() {
        return List.copyOf(nodes);
    }

    void add(Segue node) {
        nodes.add(node);
    }

    void remove(Segue node) {
        nodes.remove(node);
    }
}

package dev.segue.benchmarks.live;

import dev.segue.SegueListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When a node has done what for its changes. Thread-safe. */
final class Timeline implements SegueListener {

    private static final String PASS = "pass";

    private final Map<String, List<Window>> windows = new LinkedHashMap<>();

    @Override
    public Span begins(Work work, String change, String what) {
        String name = switch (work) {
            case SWITCH -> "switch-" + what;
            case STAGE -> what;
            case BATCH -> PASS;
            case VERIFY -> "compare";
        };
        return begins(name);
    }

    /** Something begins that no listener is told of. */
    Span begins(String name) {
        long began = System.nanoTime();
        return failure -> add(name, new Window(began, System.nanoTime()));
    }

    private synchronized void add(String name, Window window) {
        windows.computeIfAbsent(name, any -> new ArrayList<>()).add(window);
    }

    /**
     * When it was under way. A pass goes from its first batch to its last one, with the pauses between; what the node has
     * tried again, each time; and everything for so long at least.
     *
     * @throws IllegalStateException if it has never been
     */
    synchronized List<Window> of(String name, long leastNanos) {
        List<Window> found = windows.getOrDefault(name, List.of());
        if (found.isEmpty()) {
            throw new IllegalStateException("There was no " + name + " but only " + windows.keySet());
        }
        List<Window> whole = name.equals(PASS)
                ? List.of(new Window(
                        found.get(0).from(), found.get(found.size() - 1).to()))
                : found;
        return whole.stream().map(window -> window.atLeast(leastNanos)).toList();
    }
}

package dev.segue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/** Runs what changes need beside the conductor, one errand at a time for each change. Thread-safe. */
final class Errands implements AutoCloseable {

    private final ExecutorService threads;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean open = true;

    /** @param name of the threads, for people */
    Errands(String name) {
        this.threads = Threads.pool(name);
    }

    /** Whether there is still somebody to run errands for; whoever is at a long one asks now and then. */
    boolean isOpen() {
        return open;
    }

    /** Runs the errand on a thread of its own, unless one for the change is under way or all is being closed. */
    void take(String change, Runnable errand) {
        if (!open || !busy.add(change)) {
            return;
        }
        try {
            threads.execute(() -> {
                try {
                    errand.run();
                } finally {
                    busy.remove(change);
                }
            });
        } catch (RejectedExecutionException e) {
            // The application is being closed.
            busy.remove(change);
        }
    }

    @Override
    public void close() {
        open = false;
        Threads.stop(threads);
    }
}

package dev.segue.sample;

import java.io.IOException;
import java.time.Duration;

/**
 * Ends this process when its parent is gone, also when that was killed and could not say so: the standard input, a pipe
 * from the parent, then ends.
 */
final class ParentWatch {

    /** Set by the parent, so that a node started by hand with a closed standard input lives on. */
    static final String PROPERTY = "shop.ends-with-parent";

    /** For a node that cannot leave in order, as its database went with the parent. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private ParentWatch() {}

    static void start() {
        daemon("parent-watch", () -> {
            awaitEndOfInput();
            daemon("parent-watch-halt", () -> {
                sleep();
                Runtime.getRuntime().halt(1);
            });
            System.exit(0);
        });
    }

    private static void awaitEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Whatever the parent says, it lives.
            }
        } catch (IOException e) {
            // A broken pipe says the same as its end.
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}

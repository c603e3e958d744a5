package dev.segue.sample.fire;

import java.time.Duration;

/** Does the same again and again in a thread of its own, until it is closed. */
final class Lookout implements AutoCloseable {

    private final Thread thread;
    private volatile boolean over;

    private Lookout(String name, Duration pause, Runnable look) {
        thread = new Thread(() -> keepLooking(pause, look), name);
        thread.setDaemon(true);
    }

    /** Begins. */
    static Lookout every(Duration pause, String name, Runnable look) {
        Lookout lookout = new Lookout(name, pause, look);
        lookout.thread.start();
        return lookout;
    }

    private void keepLooking(Duration pause, Runnable look) {
        try {
            while (!over) {
                look.run();
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the last look come to its end. */
    @Override
    public void close() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

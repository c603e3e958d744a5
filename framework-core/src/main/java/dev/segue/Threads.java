package dev.segue;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's background threads: named, and never what keeps a JVM from ending. */
final class Threads {

    private static final Logger log = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    static ScheduledExecutorService scheduler(String name) {
        return Executors.newSingleThreadScheduledExecutor(named(name));
    }

    static ExecutorService pool(String name) {
        return Executors.newCachedThreadPool(named(name));
    }

    static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            int number = count.incrementAndGet();
            Thread thread = new Thread(task, number == 1 ? name : name + "-" + number);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Runs a task again and again, so long after it has ended. A task that throws is said and goes on. */
    static void repeat(ScheduledExecutorService executor, Duration pause, Runnable task) {
        Runnable untiring = () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                log.error("A background task of Segue failed; it goes on", e);
            }
        };
        ScheduledFuture<?> ignored =
                executor.scheduleWithFixedDelay(untiring, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        log.trace("Repeating {}", ignored);
    }

    /** Interrupts what runs and waits for it, but not for ever: the database ends what a thread cannot. */
    static void stop(ExecutorService executor) {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("A background thread did not end within 5 s.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

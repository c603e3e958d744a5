package dev.segue.benchmarks.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests that come at a steady rate, whatever the application does: one that could not begin because the one before it was
 * stuck has waited all the time since it was due.
 */
final class Traffic implements AutoCloseable {

    /**
     * What one request has come to.
     *
     * @param due when it should have begun, as {@link System#nanoTime} has it
     * @param failed whether its transaction did not commit
     */
    record Request(long due, long ended, boolean failed) {}

    /** What is asked. For several threads. */
    interface Work {

        /** @throws Exception if the transaction has not been committed */
        void serve(Random random) throws Exception;
    }

    private final long everyNanos;
    private final Work work;
    private final ExecutorService threads;
    private final List<Future<List<Request>>> shoppers = new ArrayList<>();
    private volatile boolean on = true;

    /**
     * @param numberOfThreads each of which asks one thing after the other
     * @param everyNanos how often one thread asks
     */
    Traffic(int numberOfThreads, long everyNanos, Work work) {
        this.everyNanos = everyNanos;
        this.work = work;
        this.threads = Executors.newFixedThreadPool(numberOfThreads);
        for (int i = 0; i < numberOfThreads; i++) {
            int number = i;
            shoppers.add(threads.submit(() -> shop(new Random(number), number * everyNanos / numberOfThreads)));
        }
    }

    private List<Request> shop(Random random, long offset) {
        List<Request> done = new ArrayList<>();
        long due = System.nanoTime() + offset;
        while (on) {
            // That the thread wakes up late is not the application's doing.
            long began = await(due);
            boolean failed = false;
            try {
                work.serve(random);
            } catch (Exception e) {
                failed = true;
                System.out.println("A request has failed: " + e);
            }
            done.add(new Request(began, System.nanoTime(), failed));
            due += everyNanos;
        }
        return done;
    }

    /** @return when that was; the time itself if it is over already */
    private static long await(long due) {
        if (System.nanoTime() - due > 0) {
            return due;
        }
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return System.nanoTime();
    }

    /** Lets it flow for a while. */
    static Window flow(long nanos) {
        long from = System.nanoTime();
        for (long left = nanos; left > 0; left = from + nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return new Window(from, System.nanoTime());
    }

    /** Ends it, when every request that has begun is over. */
    List<Request> stop() throws InterruptedException, ExecutionException {
        on = false;
        List<Request> all = new ArrayList<>();
        for (Future<List<Request>> shopper : shoppers) {
            all.addAll(shopper.get());
        }
        return all;
    }

    @Override
    public void close() {
        on = false;
        threads.shutdown();
    }
}

package dev.segue.benchmarks.live;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/**
 * Requests that come at a steady rate, whatever the application does: one that could not begin because the one before it was
 * stuck has waited all the time since it was due.
 */
final class Traffic implements AutoCloseable {

    private static final int THREADS = 4;
    private static final long EVERY_NANOS = 8_000_000;

    /** Keys above all that are there. */
    private static final AtomicLong NEXT_KEY = new AtomicLong(1_000_000_000);

    /**
     * What one request has come to.
     *
     * @param due when it should have begun, as {@link System#nanoTime} has it
     * @param failed whether its transaction did not commit
     */
    record Request(long due, long ended, boolean failed) {}

    private final SessionFactory sessions;
    private final int rows;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final List<Future<List<Request>>> shoppers = new ArrayList<>();
    private volatile boolean on = true;

    /** @param rows that are there, numbered from 1 */
    Traffic(SessionFactory sessions, int rows) {
        this.sessions = sessions;
        this.rows = rows;
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            shoppers.add(threads.submit(() -> shop(new Random(number), number * EVERY_NANOS / THREADS)));
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
                sessions.inTransaction(session -> serve(session, random));
            } catch (RuntimeException e) {
                failed = true;
                System.out.println("A request has failed: " + e);
            }
            done.add(new Request(began, System.nanoTime(), failed));
            due += EVERY_NANOS;
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

    /** Four times out of eight by the key, twice by a name, once a row gets another name, once there is a new one. */
    private void serve(Session session, Random random) {
        long id = 1L + random.nextInt(rows);
        switch (random.nextInt(8)) {
            case 0 -> {
                long next = NEXT_KEY.incrementAndGet();
                session.persist(new Shopper(next, Shopper.nameOf(next)));
            }
            case 1 -> session.find(Shopper.class, id).fullName = "another " + random.nextInt();
            case 2, 3 ->
                session.createSelectionQuery("from Shopper where fullName = :name", Shopper.class)
                        .setParameter("name", Shopper.nameOf(id))
                        .getResultList();
            default -> session.find(Shopper.class, id);
        }
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

package dev.segue.benchmarks.live;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/**
 * What shoppers do: four times out of eight they are looked up by the key, twice by a name, once a row gets another name, once
 * there is a new one.
 */
final class Shopping implements Traffic.Work {

    private static final int THREADS = 4;
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    /** Keys above all that are there. */
    private static final AtomicLong NEXT_KEY = new AtomicLong(1_000_000_000);

    private final Supplier<SessionFactory> sessions;
    private final int rows;

    private Shopping(Supplier<SessionFactory> sessions, int rows) {
        this.sessions = sessions;
        this.rows = rows;
    }

    /**
     * @param sessions what they are served by now
     * @param rows that are there, numbered from 1
     */
    static Traffic begin(Supplier<SessionFactory> sessions, int rows) {
        return new Traffic(THREADS, EVERY_NANOS, new Shopping(sessions, rows));
    }

    @Override
    public void serve(Random random) {
        sessions.get().inTransaction(session -> serve(session, random));
    }

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
}

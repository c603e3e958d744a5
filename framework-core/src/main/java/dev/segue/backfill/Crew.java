package dev.segue.backfill;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The workers of one node at one pass. */
final class Crew {

    /** One worker's turn, on a thread and a connection of its own. */
    interface Turn {
        /** @param walking how many of the crew have a range */
        Outcome take(AtomicInteger walking) throws SQLException;
    }

    private Crew() {}

    /**
     * Lets several take their turn at a time, the calling thread among them, and waits for all. An interrupt ends them all
     * after their batch.
     *
     * @throws SQLException what one of them has failed with, when the others have ended
     */
    static Outcome work(int workers, Turn turn) throws SQLException {
        AtomicInteger walking = new AtomicInteger();
        if (workers == 1) {
            return turn.take(walking);
        }
        ExecutorService others = Executors.newFixedThreadPool(workers - 1, task -> {
            Thread thread = new Thread(task, Thread.currentThread().getName() + "-worker");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<Outcome>> turns = new ArrayList<>();
            for (int i = 1; i < workers; i++) {
                turns.add(others.submit(() -> turn.take(walking)));
            }
            Set<Outcome> ends = EnumSet.of(turn.take(walking));
            for (Future<Outcome> other : turns) {
                ends.add(end(other));
            }
            return together(ends);
        } finally {
            others.shutdownNow();
            awaitAll(others);
        }
    }

    /** Also if one has failed: each has a connection, and whoever comes next would take one more. */
    private static void awaitAll(ExecutorService others) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = others.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Outcome end(Future<Outcome> other) throws SQLException {
        try {
            return other.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.STOPPED;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failed) {
                throw failed;
            }
            if (e.getCause() instanceof RuntimeException failed) {
                throw failed;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Who ended early did so because somebody else still had a range. */
    private static Outcome together(Set<Outcome> ends) {
        for (Outcome decisive : List.of(Outcome.VOID, Outcome.FINISHED_ALL, Outcome.STOPPED)) {
            if (ends.contains(decisive)) {
                return decisive;
            }
        }
        return Outcome.NOTHING_TO_CLAIM;
    }
}

package dev.segue.backfill;

import dev.segue.lifecycle.Side;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Counts the batches of each worker. */
final class Hands implements BatchWatch {

    private final Map<Thread, Integer> batches = new ConcurrentHashMap<>();
    private final CountDownLatch missing;

    /** @param atLeast none goes on with its first batch before so many workers have come to theirs */
    Hands(int atLeast) {
        missing = new CountDownLatch(atLeast);
    }

    @Override
    public Span begins(String change, Side side) {
        if (batches.merge(Thread.currentThread(), 1, Integer::sum) == 1) {
            missing.countDown();
            try {
                if (!missing.await(30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException(missing.getCount() + " more worker(s) should have had a range");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return failure -> {};
    }

    /** How many workers have done more batches than that. */
    long withMoreThan(int some) {
        return batches.values().stream().filter(each -> each > some).count();
    }
}

package dev.segue.backfill;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that a node may have beside those that are configured, for whichever change an operator wants more of them:
 * each needs a connection, and the node's own are counted. Thread-safe.
 */
final class SpareWorkers {

    private static final Logger log = LoggerFactory.getLogger(SpareWorkers.class);

    private final Semaphore free;
    private final Map<String, Integer> told = new ConcurrentHashMap<>();

    SpareWorkers(int number) {
        this.free = new Semaphore(number);
    }

    /** Some of them, until it is closed. */
    final class Loan implements AutoCloseable {

        private final int workers;

        private Loan(int workers) {
            this.workers = workers;
        }

        int workers() {
            return workers;
        }

        @Override
        public void close() {
            free.release(workers);
        }
    }

    /**
     * As many as there are, without waiting, and says so once if they are fewer.
     *
     * @param wanted may be less than none
     */
    Loan lend(String change, int wanted) {
        int lent = 0;
        while (lent < wanted && free.tryAcquire()) {
            lent++;
        }
        int missing = Math.max(0, wanted - lent);
        Integer before = told.put(change, missing);
        if (missing > 0 && (before == null || before != missing)) {
            log.info(
                    "Change {}: {} worker(s) more are wanted than this node has connections for; other nodes may have them.",
                    change,
                    missing);
        }
        return new Loan(lent);
    }
}

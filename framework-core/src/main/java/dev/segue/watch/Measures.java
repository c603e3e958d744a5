package dev.segue.watch;

import dev.segue.fleet.Layout;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Measures the statements and transactions of a node's sessions, for each layout by itself. A statement costs two looks at
 * the clock. Thread-safe.
 */
public final class Measures {

    private final Map<Layout, Meter> meters = new ConcurrentHashMap<>();

    /** What is counted during one measurement. */
    private static final class Tally {

        private final AtomicLongArray ended = new AtomicLongArray(Sample.steps());
        private final LongAdder transactions = new LongAdder();
        private final LongAdder failed = new LongAdder();
    }

    private static final class Meter {

        private final Set<Session> open = ConcurrentHashMap.newKeySet();
        private volatile Tally tally = new Tally();

        /** What a thread adds at this very moment may be lost. */
        Sample take() {
            Tally taken = tally;
            tally = new Tally();
            long now = System.nanoTime();
            long[] ended = new long[Sample.steps()];
            for (int step = 0; step < ended.length; step++) {
                ended[step] = taken.ended.get(step);
            }
            long[] running = new long[Sample.steps()];
            for (Session session : open) {
                if (session.running) {
                    running[Sample.step(now - session.since)]++;
                }
            }
            return Sample.of(ended, running, taken.transactions.sum(), taken.failed.sum());
        }
    }

    /** One session of a thread. */
    public static final class Session {

        private final Meter meter;
        private volatile boolean running;
        private volatile long since;

        private Session(Meter meter) {
            this.meter = meter;
        }

        /** A statement begins. */
        public void begins() {
            since = System.nanoTime();
            running = true;
        }

        /** It has ended, somehow. */
        public void ends() {
            running = false;
            meter.tally.ended.incrementAndGet(Sample.step(System.nanoTime() - since));
        }

        /** A transaction has ended. */
        public void completed(boolean committed) {
            Tally tally = meter.tally;
            tally.transactions.increment();
            if (!committed) {
                tally.failed.increment();
            }
        }

        /** The session has ended. */
        public void close() {
            meter.open.remove(this);
        }
    }

    /** A session begins under this layout; it has to be closed. */
    public Session session(Layout layout) {
        Meter meter = meters.computeIfAbsent(layout, first -> new Meter());
        Session session = new Session(meter);
        meter.open.add(session);
        return session;
    }

    /** What has been measured under this layout since the last time; all others are forgotten. */
    public Sample take(Layout layout) {
        meters.forEach((other, meter) -> {
            if (!other.equals(layout)) {
                meter.take();
            }
        });
        Meter meter = meters.get(layout);
        return meter == null ? Sample.EMPTY : meter.take();
    }
}

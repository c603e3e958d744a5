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

    /** Only ever counts up, so that several can look at it, each since its own last time. */
    private static final class Meter {

        private final Set<Session> open = ConcurrentHashMap.newKeySet();
        private final AtomicLongArray ended = new AtomicLongArray(Sample.steps());
        private final LongAdder transactions = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private Sample taken = Sample.EMPTY;

        synchronized Sample take() {
            Sample now = all();
            Sample since = now.since(taken);
            taken = now;
            return since;
        }

        Sample all() {
            long now = System.nanoTime();
            long[] counted = new long[Sample.steps()];
            for (int step = 0; step < counted.length; step++) {
                counted[step] = ended.get(step);
            }
            long[] running = new long[Sample.steps()];
            for (Session session : open) {
                if (session.running) {
                    running[Sample.step(now - session.since)]++;
                }
            }
            return Sample.of(counted, running, transactions.sum(), failed.sum());
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
            meter.ended.incrementAndGet(Sample.step(System.nanoTime() - since));
        }

        /** A transaction has ended. */
        public void completed(boolean committed) {
            meter.transactions.increment();
            if (!committed) {
                meter.failed.increment();
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

    /** All that has been measured so far, under whichever layout; for {@link Sample#since}. */
    public Sample all() {
        return meters.values().stream().map(Meter::all).reduce(Sample.EMPTY, Sample::beside);
    }
}

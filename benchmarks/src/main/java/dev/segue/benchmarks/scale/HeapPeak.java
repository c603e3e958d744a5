package dev.segue.benchmarks.scale;

import dev.segue.benchmarks.Contestant;
import dev.segue.benchmarks.Experiment;
import dev.segue.benchmarks.Line;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How much more of the heap is in use at most while work goes on than before it, garbage aside. */
final class HeapPeak implements Experiment {

    static final int ALLOWED_MIB = 32;

    private static final double MIB = 1 << 20;
    private static final long BETWEEN_LOOKS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Line line;
    private final Contestant work;

    HeapPeak(Line line, Contestant work) {
        this.line = line;
        this.work = work;
    }

    @Override
    public List<Line> lines() {
        return List.of(line);
    }

    /** Looks all the time, on a thread of its own. */
    private static final class Look extends Thread {

        private volatile boolean on = true;
        private volatile long most;

        @Override
        public void run() {
            while (on) {
                most = Math.max(most, used());
                LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            }
        }

        long end() throws InterruptedException {
            on = false;
            join();
            return most;
        }
    }

    @Override
    public Round round(int number) throws Exception {
        work.prepare();
        long before = used();
        Look look = new Look();
        look.start();
        try {
            work.run();
        } finally {
            look.end();
        }
        work.finish();
        double more = Math.max(0, look.most - before) / MIB;
        return new Round(
                String.format(Locale.ROOT, "%.1f MiB over %.1f MiB", more, before / MIB), List.of(more / ALLOWED_MIB));
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}

package dev.segue.test.kit;

import dev.segue.SegueListener;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Stage;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a node does for a change. A stage is measured from its beginning to its end; the pass from its first batch to
 * its last one before the next stage. What is begun several times, as after a lock that was not to be had, counts together.
 * Thread-safe.
 */
final class Measurements implements SegueListener {

    private static final String PASS = "pass";
    private static final String COMPARE = "compare";

    private final CopyGauge gauge;
    private final Bystander bystander;
    private final ColumnChange change;
    private final Set<String> growing;

    private final Map<String, DressReport.Step> steps = new LinkedHashMap<>();
    private @Nullable Stopwatch pass;
    private int atWork;

    Measurements(CopyGauge gauge, Bystander bystander, ColumnChange change) {
        this.gauge = gauge;
        this.bystander = bystander;
        this.change = change;
        // Where a new column becomes mandatory, or an old one with an index goes, MySQL builds the table anew.
        this.growing = gauge.database() == Database.MYSQL
                ? Set.of(PASS, COMPARE, Stage.ENFORCE.id(), Stage.CONTRACT.id())
                : Set.of(PASS, COMPARE, Stage.ENFORCE.id());
    }

    private final class Stopwatch {

        private final String step;
        private final CopyGauge.Size size = size();
        private final OptionalLong log = gauge.log();
        private final Bystander.Window waits = bystander.open();
        private final long began = System.nanoTime();
        private long ended = began;

        Stopwatch(String step) {
            this.step = step;
        }

        void lap() {
            ended = System.nanoTime();
        }

        void stop() {
            Bystander.Waits waited = waits.close();
            // A comparison only reads; what grows meanwhile is another step's.
            boolean reads = step.equals(COMPARE);
            OptionalLong now = reads ? log : gauge.log();
            CopyGauge.Size growth = reads ? CopyGauge.Size.NONE : size().minus(size);
            DressReport.Step measured = new DressReport.Step(
                    step,
                    growing.contains(step),
                    Duration.ofNanos(ended - began),
                    now.isPresent() && log.isPresent()
                            ? OptionalLong.of(now.getAsLong() - log.getAsLong())
                            : OptionalLong.empty(),
                    growth.table(),
                    growth.indexes(),
                    waited.read(),
                    waited.write());
            steps.merge(step, measured, DressReport.Step::plus);
        }
    }

    private CopyGauge.Size size() {
        try {
            CopyGauge.Size size = CopyGauge.Size.NONE;
            for (Site site : change.sites()) {
                size = size.plus(gauge.size(site.table()));
            }
            return size;
        } catch (SQLException e) {
            throw new IllegalStateException("The size of " + change.definition() + " cannot be told", e);
        }
    }

    @Override
    public synchronized Span begins(Work work, String id, String what) {
        if (!id.equals(change.id()) || work == Work.SWITCH) {
            return Span.NONE;
        }
        atWork++;
        if (work == Work.BATCH) {
            if (pass == null) {
                pass = new Stopwatch(PASS);
            }
            Stopwatch mine = pass;
            return failure -> ended(mine::lap);
        }
        if (work == Work.STAGE) {
            endPass();
        }
        Stopwatch watch = new Stopwatch(work == Work.VERIFY ? COMPARE : what);
        return failure -> ended(() -> {
            watch.lap();
            watch.stop();
        });
    }

    private synchronized void ended(Runnable measure) {
        atWork--;
        measure.run();
    }

    private void endPass() {
        if (pass != null) {
            pass.stop();
            pass = null;
        }
    }

    /** Whether anything is under way now. */
    synchronized boolean isAtWork() {
        return atWork > 0;
    }

    /** What has been measured so far. */
    synchronized List<DressReport.Step> steps() {
        endPass();
        return new ArrayList<>(steps.values());
    }
}

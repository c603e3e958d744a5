package dev.segue.backfill;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the log of a primary ended, and when. How late a replica is shows in what it has not passed of that, also when it
 * hears nothing and believes that there is nothing to hear:
 *
 * <ol>
 *   <li>Each look at the primary notes the end of its log.
 *   <li>The next one forgets it again unless the primary has kept it: a primary that has taken the place of another one may
 *       have lost it.
 *   <li>The lag is the age of the oldest end that the replica has not passed. What it has passed is forgotten.
 * </ol>
 *
 * <p>So it is the time since a look, and nothing before there have been two of them. Only {@value #MOST} ends are held: of
 * more, one goes whose neighbours are near for their age, so that a lag of an hour is known to some minutes, and one of a
 * minute to a second. The oldest stays, so the lag of a replica that stands still is exact. Without I/O of its own, for one thread.
 *
 * @param <P> a place in the log
 */
final class LogTrail<P> {

    static final int MOST = 64;

    /** What only the server can tell of a place. */
    interface Passed<P, E extends Exception> {
        boolean by(P place) throws E;
    }

    private record End<P>(P place, long at) {}

    private final LongSupplier nanos;
    private final List<End<P>> ends = new ArrayList<>();

    LogTrail(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The last place that was noted and is not forgotten. */
    @Nullable
    P newest() {
        return ends.isEmpty() ? null : ends.get(ends.size() - 1).place();
    }

    /**
     * Notes where the log ends now; if it has not moved, since when it has ended there.
     *
     * @param kept whether a place that was noted before still counts
     */
    void note(P end, Predicate<P> kept) {
        P newest = newest();
        while (newest != null && !kept.test(newest)) {
            ends.remove(ends.size() - 1);
            newest = newest();
        }
        if (!end.equals(newest)) {
            ends.add(new End<>(end, nanos.getAsLong()));
        }
        if (ends.size() > MOST) {
            ends.remove(leastMissed());
        }
    }

    /** The one without which the gap is smallest for its age; neither the oldest nor the newest. */
    private int leastMissed() {
        long now = nanos.getAsLong();
        int least = 1;
        double smallest = Double.POSITIVE_INFINITY;
        for (int i = 1; i < ends.size() - 1; i++) {
            long before = ends.get(i - 1).at();
            double gap = (double) (ends.get(i + 1).at() - before) / (now - before);
            if (gap < smallest) {
                smallest = gap;
                least = i;
            }
        }
        return least;
    }

    /** In seconds. */
    <E extends Exception> double lag(Passed<P, E> passed) throws E {
        while (!ends.isEmpty()) {
            End<P> oldest = ends.get(0);
            if (!passed.by(oldest.place())) {
                return (nanos.getAsLong() - oldest.at()) / 1e9;
            }
            ends.remove(0);
        }
        return 0;
    }

    int size() {
        return ends.size();
    }
}

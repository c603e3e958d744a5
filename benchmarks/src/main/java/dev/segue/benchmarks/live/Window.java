package dev.segue.benchmarks.live;

import java.util.List;
import java.util.stream.LongStream;

/**
 * A stretch of time.
 *
 * @param from as {@link System#nanoTime} has it
 * @param to likewise
 */
record Window(long from, long to) {

    boolean overlaps(long began, long ended) {
        return began < to && ended > from;
    }

    long nanos() {
        return to - from;
    }

    /** The same, and so long at least. */
    Window atLeast(long nanos) {
        return new Window(from, Math.max(to, from + nanos));
    }

    /** Whole stretches of this length, one after the other; itself if it is shorter. */
    List<Window> slices(long nanos) {
        return nanos >= nanos()
                ? List.of(this)
                : LongStream.range(0, nanos() / nanos)
                        .mapToObj(i -> new Window(from + i * nanos, from + (i + 1) * nanos))
                        .toList();
    }
}

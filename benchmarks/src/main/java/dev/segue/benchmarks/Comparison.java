package dev.segue.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * Two ways to do the same work, to be measured in turn.
 *
 * @param id stable, for whoever compares two reports
 * @param what the way that is judged
 * @param against the way it is held against
 * @param measure what the ratio is of
 * @param goal what the ratio must come to, or null if it is only shown
 */
public record Comparison(
        String id,
        String what,
        String against,
        Measure measure,
        @Nullable Goal goal,
        Contestant ours,
        Contestant theirs) {

    /** What a ratio is of; in both cases that of {@code what} over that of {@code against}. */
    public enum Measure {
        /** Work in a time: more is better. */
        SPEED {
            @Override
            double ratio(long ours, long theirs) {
                return (double) theirs / ours;
            }
        },
        /** Time for a work: less is better. */
        TIME {
            @Override
            double ratio(long ours, long theirs) {
                return (double) ours / theirs;
            }
        };

        abstract double ratio(long oursNanos, long theirsNanos);
    }

    /**
     * @param bound of the median
     * @param least whether the ratio must not be below it, otherwise not above
     */
    public record Goal(double bound, boolean least) {

        public static Goal atLeast(double bound) {
            return new Goal(bound, true);
        }

        public static Goal atMost(double bound) {
            return new Goal(bound, false);
        }

        boolean isMetBy(double ratio) {
            return least ? ratio >= bound : ratio <= bound;
        }

        @Override
        public String toString() {
            return (least ? ">= " : "<= ") + bound;
        }
    }
}

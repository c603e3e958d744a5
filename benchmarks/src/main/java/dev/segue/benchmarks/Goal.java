package dev.segue.benchmarks;

/**
 * What a ratio must come to.
 *
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

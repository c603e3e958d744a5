package dev.segue.backfill;

/**
 * When to try something that is faster if it succeeds. After a failure it is left alone for some turns, for twice as many
 * each time: where rows are hot, or values do not come back, it would only be work done twice. For one thread.
 */
final class Attempts {

    private static final int LONGEST_REST = 64;

    private int rest;
    private int nextRest = 1;

    /** Whether to try it this turn. */
    boolean isDue() {
        if (rest == 0) {
            return true;
        }
        rest--;
        return false;
    }

    void succeeded() {
        nextRest = 1;
    }

    void failed() {
        rest = nextRest;
        nextRest = Math.min(LONGEST_REST, nextRest * 2);
    }
}

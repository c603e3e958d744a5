package dev.segue.backfill;

/**
 * How hard one may push under a load, from 0 (stop) to 1. Slows down as soon as the load comes near the limit, speeds up
 * a tenth at a time; and once it has stopped, the load has to fall well below the limit before it goes on, so that the
 * work does not stutter around it. Pure, for one thread.
 */
final class Grade {

    /** From this load on it slows down. */
    static final double EASY = 0.6;

    /** Below this load it goes on after a stop. */
    static final double RESUME = 0.8;

    private static final double STEP_UP = 0.1;
    private static final double SLOWEST = 0.05;

    private double factor = 1;
    private boolean stopped;

    /** @param load the share of the limit that is reached: 1 is the limit */
    double next(double load) {
        stopped = load >= 1 || (stopped && load >= RESUME);
        if (stopped) {
            factor = 0;
            return 0;
        }
        double wanted = load <= EASY ? 1 : Math.max(SLOWEST, (1 - load) / (1 - EASY));
        // Rounded, so that ten tenths are one.
        factor = Math.min(wanted, Math.round((factor + STEP_UP) * 100) / 100.0);
        return factor;
    }

    /** While nobody knows the load. */
    double stop() {
        stopped = true;
        factor = 0;
        return 0;
    }
}

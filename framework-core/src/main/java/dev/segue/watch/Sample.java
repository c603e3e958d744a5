package dev.segue.watch;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How long statements have taken and how transactions have ended, during some time. Times are counted in steps of a
 * quarter of a doubling. Immutable.
 */
public final class Sample {

    /** Up to many hours, from a microsecond on. */
    private static final int STEPS = 160;

    public static final Sample EMPTY = new Sample(new long[STEPS], new long[STEPS], 0, 0);

    /** Statements that have ended, and those that were still running in the end, by the time they have taken. */
    private final long[] ended;

    private final long[] running;
    private final long transactions;
    private final long failed;

    private Sample(long[] ended, long[] running, long transactions, long failed) {
        this.ended = ended;
        this.running = running;
        this.transactions = transactions;
        this.failed = failed;
    }

    /** The step of a time. */
    static int step(long nanos) {
        long micros = Math.max(4, nanos / 1_000);
        int doublings = 63 - Long.numberOfLeadingZeros(micros);
        return Math.min(STEPS - 1, doublings * 4 + (int) ((micros >>> (doublings - 2)) & 3));
    }

    /** The shortest time of a step, in nanoseconds. */
    private static double from(int step) {
        return Math.scalb(4 + step % 4, step / 4 - 2) * 1_000;
    }

    static int steps() {
        return STEPS;
    }

    /** @param ended how many statements took the time of each step */
    static Sample of(long[] ended, long[] running, long transactions, long failed) {
        return new Sample(ended.clone(), running.clone(), transactions, failed);
    }

    /** This time and the one after it together: what was running in between has gone on. */
    public Sample then(Sample next) {
        long[] both = new long[STEPS];
        Arrays.setAll(both, step -> ended[step] + next.ended[step]);
        return new Sample(both, next.running, transactions + next.transactions, failed + next.failed);
    }

    /** What has come after an earlier one, if both count from the same beginning. */
    public Sample since(Sample earlier) {
        long[] after = new long[STEPS];
        Arrays.setAll(after, step -> ended[step] - earlier.ended[step]);
        return new Sample(after, running, transactions - earlier.transactions, failed - earlier.failed);
    }

    /** Together with what was measured elsewhere at the same time. */
    Sample beside(Sample other) {
        long[] allEnded = new long[STEPS];
        Arrays.setAll(allEnded, step -> ended[step] + other.ended[step]);
        long[] allRunning = new long[STEPS];
        Arrays.setAll(allRunning, step -> running[step] + other.running[step]);
        return new Sample(allEnded, allRunning, transactions + other.transactions, failed + other.failed);
    }

    /** The statements. */
    long count() {
        return Arrays.stream(ended).sum() + Arrays.stream(running).sum();
    }

    long transactions() {
        return transactions;
    }

    /** The share of transactions that were rolled back. */
    double failedShare() {
        return transactions == 0 ? 0 : (double) failed / transactions;
    }

    /** The time in nanoseconds that this share of the statements has not exceeded, to the next step. */
    double quantile(double share) {
        long least = (long) Math.ceil(share * count());
        long sum = 0;
        for (int step = 0; step < STEPS; step++) {
            sum += ended[step] + running[step];
            if (sum >= least) {
                return from(step + 1);
            }
        }
        return from(STEPS);
    }

    /** The time that 95 of 100 statements have not exceeded, to the next step; empty if there are none. */
    public OptionalDouble latencyMillis() {
        return latencyMillis(0.95);
    }

    /** The time that this share of the statements has not exceeded, to the next step; empty if there are none. */
    public OptionalDouble latencyMillis(double share) {
        return count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(quantile(share) / 1e6);
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d statements, 95 of 100 within %.1f ms; %d transactions, %.1f %% of them rolled back",
                count(),
                quantile(0.95) / 1e6,
                transactions,
                100 * failedShare());
    }

    /** The share of statements that have taken at least so many nanoseconds; what still runs may take longer. */
    double shareAbove(double nanos) {
        long above = 0;
        for (int step = 0; step < STEPS; step++) {
            if (from(step) >= nanos) {
                above += ended[step] + running[step];
            }
        }
        return count() == 0 ? 0 : (double) above / count();
    }
}

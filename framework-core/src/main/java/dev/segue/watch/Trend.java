package dev.segue.watch;

import dev.segue.lifecycle.Phase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whether a node should go back with a change, measurement after measurement.
 *
 * <ol>
 *   <li>The last measurements of each phase are kept when the node goes on to the next.
 *   <li>Three measurements in a row in which too many statements are slow, or too many transactions are rolled back, against
 *       a phase before, and by far more than chance explains, are reason to go back to that phase. The highest such phase
 *       is taken: the one before may have been left too soon, or have the same trouble.
 *   <li>A phase that is left for such a reason is measured anew when it is tried again. What comes right after going back
 *       may still be the jam, and is not looked at. Who goes up again soon is compared with what was known of the phase.
 * </ol>
 *
 * <p>A measurement with too little in it goes on for one more time: where statements hang there are never many. For one
 * thread.
 */
public final class Trend {

    /** Where to go back to. */
    public record Back(Phase to, String why) {}

    private static final int IN_A_ROW = 3;
    private static final int KEPT = 120;
    private static final int JAMMED = 2;

    /** Fewer in one measurement may be a coincidence, whatever share they are. */
    private static final int FEW = 3;

    /** How many standard deviations chance does not explain. */
    private static final double CHANCE = 5;

    private final Limits limits;
    private final Map<Phase, Sample> before = new EnumMap<>(Phase.class);
    private final Deque<Sample> now = new ArrayDeque<>();
    private @Nullable Phase phase;
    private int skip;

    /** A measurement with too little in it, if there is one. */
    private @Nullable Sample begun;

    public Trend(Limits limits) {
        this.limits = limits;
    }

    /**
     * Takes the next measurement.
     *
     * @param window of sessions in this phase, in which the node is
     */
    public Optional<Back> next(Phase current, Sample window) {
        Phase last = phase;
        if (last != current) {
            enter(last, current);
        }
        if (skip > 0) {
            skip--;
            return Optional.empty();
        }
        Sample measured = begun == null ? window : begun.then(window);
        if (begun == null && measured.count() < limits.leastCount()) {
            begun = measured;
            return Optional.empty();
        }
        begun = null;
        now.addLast(measured);
        if (now.size() > KEPT) {
            now.removeFirst();
        }
        Optional<Back> back = judge(current);
        // Whoever cannot go back says it once more after the next three.
        back.ifPresent(found -> now.clear());
        return back;
    }

    private void enter(@Nullable Phase last, Phase current) {
        boolean up = last == null || current.isAbove(last);
        if (up && last != null && now.size() >= IN_A_ROW) {
            before.put(last, now.stream().reduce(Sample.EMPTY, Sample::then));
        }
        before.keySet().removeIf(known -> known.isAbove(current));
        now.clear();
        begun = null;
        skip = up ? 0 : JAMMED;
        phase = current;
    }

    private Optional<Back> judge(Phase current) {
        if (now.size() < IN_A_ROW) {
            return Optional.empty();
        }
        for (int i = Phase.values().length - 1; i >= 0; i--) {
            Phase candidate = Phase.values()[i];
            Sample reference = before.get(candidate);
            if (reference != null && current.isAbove(candidate)) {
                Optional<String> worse = worse(candidate, reference);
                if (worse.isPresent()) {
                    return Optional.of(new Back(candidate, worse.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> worse(Phase than, Sample reference) {
        double usual = reference.quantile(0.95);
        double slow = Math.max(
                usual * limits.slowdown(), usual + limits.slowdownTime().toNanos());
        if (isWorse(reference, Sample::count, sample -> sample.shareAbove(slow), limits.slowShare())) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.1f %% of the statements take more than %.1f ms; in %s it was %.1f %%",
                    100 * together().shareAbove(slow),
                    slow / 1e6,
                    than.id(),
                    100 * reference.shareAbove(slow)));
        }
        if (isWorse(reference, Sample::transactions, Sample::failedShare, limits.errorShare())) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "%.1f %% of the transactions are rolled back; in %s it was %.1f %%",
                    100 * together().failedShare(),
                    than.id(),
                    100 * reference.failedShare()));
        }
        return Optional.empty();
    }

    private Sample together() {
        return now.stream().skip(now.size() - (long) IN_A_ROW).reduce(Sample.EMPTY, Sample::then);
    }

    private boolean isWorse(
            Sample reference, ToLongFunction<Sample> count, ToDoubleFunction<Sample> share, double limit) {
        if (count.applyAsLong(reference) < (long) limits.leastCount() * IN_A_ROW) {
            return false;
        }
        double usual = share.applyAsDouble(reference);
        boolean each = now.stream()
                .skip(now.size() - (long) IN_A_ROW)
                .allMatch(sample -> share.applyAsDouble(sample) * count.applyAsLong(sample) >= FEW
                        && share.applyAsDouble(sample) >= usual + limit
                        && share.applyAsDouble(sample) >= 2 * usual);
        return each && isNoChance(reference, together(), count, share);
    }

    /** The test for two shares, by the normal approximation. */
    private static boolean isNoChance(
            Sample reference, Sample measured, ToLongFunction<Sample> count, ToDoubleFunction<Sample> share) {
        double n = count.applyAsLong(reference);
        double m = count.applyAsLong(measured);
        double p = (share.applyAsDouble(reference) * n + share.applyAsDouble(measured) * m) / (n + m);
        double deviation = Math.sqrt(p * (1 - p) * (1 / n + 1 / m));
        double difference = share.applyAsDouble(measured) - share.applyAsDouble(reference);
        return deviation == 0 || difference / deviation >= CHANCE;
    }
}

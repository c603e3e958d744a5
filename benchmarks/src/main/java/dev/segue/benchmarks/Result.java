package dev.segue.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a line has come to.
 *
 * @param ratio the median of the rounds
 * @param min the smallest of them
 * @param max the largest of them
 * @param goal as text, or null if there is none
 * @param met whether the median meets the goal, or null if there is none
 */
public record Result(
        String id,
        String what,
        String against,
        double ratio,
        double min,
        double max,
        @Nullable String goal,
        @Nullable Boolean met) {

    static Result of(Line line, List<Double> ratios) {
        List<Double> sorted = ratios.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        Goal goal = line.goal();
        return new Result(
                line.id(),
                line.what(),
                line.against(),
                rounded(median),
                rounded(sorted.get(0)),
                rounded(sorted.get(sorted.size() - 1)),
                goal == null ? null : goal.toString(),
                goal == null ? null : goal.isMetBy(rounded(median)));
    }

    /** Of a run that says nothing of speed. */
    Result withoutGoal() {
        return new Result(id, what, against, ratio, min, max, null, null);
    }

    boolean hasGoal() {
        return goal != null;
    }

    /** More digits would say more than was measured. */
    private static double rounded(double ratio) {
        double scale = ratio < 10 ? 100 : 10;
        return Math.round(ratio * scale) / scale;
    }
}

package dev.segue.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Two ways to do the same work, measured in turn, so that whatever else the machine does hits both.
 *
 * @param line what is compared
 * @param measure what the ratio is of
 */
public record Comparison(Line line, Measure measure, Contestant ours, Contestant theirs) implements Experiment {

    /** What a ratio is of; in all cases that of {@code what} over that of {@code against}. */
    public enum Measure {
        /** Work in a time: more is better. */
        SPEED {
            @Override
            double ratio(double ours, double theirs) {
                return theirs / ours;
            }
        },
        /** Time for a work: less is better. */
        TIME {
            @Override
            double ratio(double ours, double theirs) {
                return ours / theirs;
            }
        };

        abstract double ratio(double oursNanos, double theirsNanos);
    }

    @Override
    public List<Line> lines() {
        return List.of(line);
    }

    @Override
    public Round round(int number) throws Exception {
        boolean oursFirst = Math.floorMod(number, 2) == 0;
        double first = cost(oursFirst ? ours : theirs);
        double second = cost(oursFirst ? theirs : ours);
        double cost = oursFirst ? first : second;
        double theirCost = oursFirst ? second : first;
        return new Round(
                String.format(Locale.ROOT, "%,.3f ms against %,.3f ms", cost / 1e6, theirCost / 1e6),
                List.of(measure.ratio(cost, theirCost)));
    }

    private static double cost(Contestant contestant) throws Exception {
        contestant.prepare();
        double cost = contestant.cost();
        contestant.finish();
        return cost;
    }
}

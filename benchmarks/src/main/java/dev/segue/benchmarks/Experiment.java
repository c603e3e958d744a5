package dev.segue.benchmarks;

import java.util.List;

/** Something that is done in rounds, of which each gives a ratio for every line. */
public interface Experiment {

    List<Line> lines();

    /**
     * Does it once.
     *
     * @param number below 0 if the round does not count; whoever does two things in turn begins with the other one in the
     *     next round
     */
    Round round(int number) throws Exception;

    /**
     * What a round has come to.
     *
     * @param said for whoever looks on
     * @param ratios of the lines, in their order
     */
    record Round(String said, List<Double> ratios) {}
}

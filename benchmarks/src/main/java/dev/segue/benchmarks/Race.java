package dev.segue.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often an experiment is done.
 *
 * @param warmUps rounds that do not count
 * @param rounds that count
 */
record Race(int warmUps, int rounds) {

    /** Steps of one experiment: all warm-ups are one. */
    int length() {
        return (warmUps > 0 ? 1 : 0) + rounds;
    }

    /** @return a result for each line of the experiment */
    List<Result> run(Experiment experiment, Progress progress) throws Exception {
        List<Line> lines = experiment.lines();
        List<List<Double>> ratios = lines.stream()
                .map(line -> (List<Double>) new ArrayList<Double>())
                .toList();
        String id = lines.get(0).id();
        if (warmUps > 0) {
            progress.done(id + ", " + warmUp(experiment, Duration.ZERO));
        }
        for (int number = 0; number < rounds; number++) {
            Experiment.Round round = experiment.round(number);
            progress.done("%s, round %d: %s".formatted(id, number + 1, round.said()));
            for (int i = 0; i < lines.size(); i++) {
                ratios.get(i).add(round.ratios().get(i));
            }
        }
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            results.add(Result.of(lines.get(i), ratios.get(i)));
        }
        return results;
    }

    /**
     * Does all of them, one after the other, before any counts.
     *
     * @param each how long, at least
     */
    void warmUp(List<? extends Experiment> experiments, Duration each, Progress progress) throws Exception {
        for (Experiment experiment : experiments) {
            progress.done(experiment.lines().get(0).id() + ", " + warmUp(experiment, each));
        }
    }

    private String warmUp(Experiment experiment, Duration atLeast) throws Exception {
        long began = System.nanoTime();
        int done = 0;
        Experiment.Round last;
        do {
            done++;
            last = experiment.round(-done);
        } while (done < warmUps || System.nanoTime() - began < atLeast.toNanos());
        return "warm-up %d: %s".formatted(done, last.said());
    }
}

package dev.segue.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * How often an experiment is done.
 *
 * @param warmUps rounds that do not count
 * @param rounds that count
 */
record Race(int warmUps, int rounds) {

    /** Of one experiment. */
    int length() {
        return warmUps + rounds;
    }

    /** @return a result for each line of the experiment */
    List<Result> run(Experiment experiment, Progress progress) throws Exception {
        List<Line> lines = experiment.lines();
        List<List<Double>> ratios = lines.stream()
                .map(line -> (List<Double>) new ArrayList<Double>())
                .toList();
        for (int number = -warmUps; number < rounds; number++) {
            Experiment.Round round = experiment.round(number);
            progress.done("%s, %s: %s"
                    .formatted(lines.get(0).id(), number < 0 ? "warm-up" : "round " + (number + 1), round.said()));
            for (int i = 0; number >= 0 && i < lines.size(); i++) {
                ratios.get(i).add(round.ratios().get(i));
            }
        }
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            results.add(Result.of(lines.get(i), ratios.get(i)));
        }
        return results;
    }
}

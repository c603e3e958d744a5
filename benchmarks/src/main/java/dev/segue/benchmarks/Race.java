package dev.segue.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures two ways in turn, so that whatever else the machine does hits both. Who begins changes from round to round.
 *
 * @param warmUps rounds that do not count
 * @param rounds that count
 */
record Race(int warmUps, int rounds, PrintStream out) {

    Result run(Comparison comparison) throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int round = -warmUps; round < rounds; round++) {
            boolean oursFirst = Math.floorMod(round, 2) == 0;
            long first = time(oursFirst ? comparison.ours() : comparison.theirs());
            long second = time(oursFirst ? comparison.theirs() : comparison.ours());
            long ours = oursFirst ? first : second;
            long theirs = oursFirst ? second : first;
            if (round >= 0) {
                ratios.add(comparison.measure().ratio(ours, theirs));
            }
            out.printf(
                    "  %s, %s: %,d ms against %,d ms%n",
                    comparison.id(),
                    round < 0 ? "warm-up" : "round " + (round + 1),
                    ours / 1_000_000,
                    theirs / 1_000_000);
        }
        return Result.of(comparison, ratios);
    }

    private static long time(Contestant contestant) throws Exception {
        contestant.prepare();
        long began = System.nanoTime();
        contestant.run();
        long took = System.nanoTime() - began;
        contestant.finish();
        return took;
    }
}

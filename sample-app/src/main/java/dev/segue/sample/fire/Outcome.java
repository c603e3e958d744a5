package dev.segue.sample.fire;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a scenario came to.
 *
 * @param faults what was done to nodes or database, and how often
 * @param excused failed requests of nodes that were killed, stopped or cut
 * @param failed other failed requests
 * @param contended failed requests, of any node, by a deadlock, a lock timeout or MySQL's error 1412
 * @param lost rows that do not hold what was acknowledged, or differ
 * @param complaints why it did not come to its end, a line each
 * @param findings of the oracle, a line each
 */
record Outcome(
        Scenario scenario,
        String database,
        long requests,
        int acknowledged,
        Map<String, Integer> faults,
        int excused,
        int failed,
        int contended,
        int lost,
        int wrongReads,
        Duration took,
        List<String> complaints,
        List<String> findings) {

    /** Whether it went as it must: a planted bug must be found. */
    boolean isGood() {
        return complaints.isEmpty() && findings.isEmpty() != scenario.isPlanted();
    }
}

package dev.segue.sample.fire;

import dev.segue.test.database.Engine;
import java.util.List;
import java.util.stream.Stream;

/** All that can be played. */
final class Scenarios {

    private Scenarios() {}

    static List<String> ids() {
        return all(false).map(Scenario::id).toList();
    }

    /** In the order in which they are played. */
    static List<String> titles() {
        return all(false).map(Scenario::title).toList();
    }

    /** What the options ask for, in the order in which it is to be played. */
    static List<Scenario> of(FireOptions options, Engine engine) {
        List<String> wanted = options.scenarios();
        return all(options.isLong())
                .filter(scenario -> scenario.isFor(engine))
                .filter(scenario ->
                        wanted.isEmpty() ? options.isLong() || scenario.isShort() : wanted.contains(scenario.id()))
                .toList();
    }

    private static Stream<Scenario> all(boolean isLong) {
        return Stream.of(
                new RollingDeploys(isLong ? 5 : 1),
                new OneGoal(),
                new Killed(isLong ? 24 : 4),
                new Paused(isLong),
                new CutOff(isLong ? 12 : 6),
                Failover.IN_A_PASS,
                Failover.AFTER_A_PROOF,
                new Legacy(),
                new TwoApplications(),
                new Crowded(isLong ? 12_000 : 600),
                new Starved(isLong ? 6 : 3),
                new OldSnapshots(),
                new PlantedNoGuard(),
                new PlantedZombie(),
                new PlantedNullsOnly());
    }
}

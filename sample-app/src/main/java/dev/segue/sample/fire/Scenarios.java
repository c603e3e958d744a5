package dev.segue.sample.fire;

import java.util.List;
import java.util.stream.Stream;

/** All that can be played. */
final class Scenarios {

    private static final int KILLS = 25;
    private static final int FEW_KILLS = 3;

    private Scenarios() {}

    static List<String> ids() {
        return all(false).map(Scenario::id).toList();
    }

    /** What the options ask for, in the order in which it is to be played. */
    static List<Scenario> of(FireOptions options) {
        List<String> wanted = options.scenarios();
        return all(options.isLong())
                .filter(scenario ->
                        wanted.isEmpty() ? options.isLong() || scenario.isShort() : wanted.contains(scenario.id()))
                .toList();
    }

    private static Stream<Scenario> all(boolean isLong) {
        return Stream.of(
                new OneGoal(),
                new Killed(isLong ? KILLS : FEW_KILLS),
                new Paused(isLong),
                new Legacy(),
                new PlantedNoGuard(),
                new PlantedZombie(),
                new PlantedNullsOnly());
    }
}

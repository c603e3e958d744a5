package dev.segue.sample.fire;

import java.util.List;

/** Through all phases and back, by rolling deploys, as often as wanted. */
final class RollingDeploys implements Scenario {

    private final int rounds;

    RollingDeploys(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public String id() {
        return "deploys";
    }

    @Override
    public String title() {
        return "Rolling deploys through all phases and back, mixed versions all along";
    }

    /** In every other round the next deploy does not wait until the fleet is where the last one has told it to go. */
    @Override
    public void play(Arena arena) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            boolean isPatient = round % 2 == 0;
            roll(arena, Walk.UP, isPatient);
            roll(arena, Walk.DOWN, isPatient);
        }
    }

    private static void roll(Arena arena, List<String> way, boolean isPatient) throws InterruptedException {
        for (String phase : way) {
            arena.deploy(phase);
            if (isPatient) {
                arena.awaitPhase(phase);
            }
        }
        arena.awaitPhase(way.get(way.size() - 1));
    }
}

package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import java.util.Optional;

/** Nodes are killed all the way up, down and up again: the one that is in a stage, in a batch, in a move, and any one. */
final class Killed implements Scenario {

    private final int kills;
    private int killed;

    Killed(int kills) {
        this.kills = kills;
    }

    @Override
    public String id() {
        return "killed";
    }

    @Override
    public String title() {
        return "kill -9 of nodes in every phase: in a stage, at work on the rows, in a move, at random";
    }

    @Override
    public boolean isShort() {
        return true;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Walk.withPasses(usual);
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Trouble.onTheWay(arena, kills, () -> killOne(arena));
        arena.serve(200);
    }

    private boolean killOne(Arena arena) throws InterruptedException {
        arena.serve(50 + arena.random().nextInt(150));
        Moment moment = Moment.inTurn(killed);
        Optional<Integer> victim = moment.catchOne(arena, node -> {
            arena.kill(node, "kill -9 " + moment);
            return node;
        });
        if (victim.isPresent()) {
            killed++;
            arena.serve(20);
            arena.restart(victim.get());
        }
        return victim.isPresent();
    }
}

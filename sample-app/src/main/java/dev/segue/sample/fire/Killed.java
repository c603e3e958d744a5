package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import java.util.Optional;
import java.util.stream.IntStream;

/** Nodes are killed all the way up, down and up again: the one that works on the rows, the one that moved last, any one. */
final class Killed implements Scenario {

    private final int kills;

    Killed(int kills) {
        this.kills = kills;
    }

    @Override
    public String id() {
        return "killed";
    }

    @Override
    public String title() {
        return "kill -9 of nodes in every phase: at work on the rows, in a move, at random";
    }

    @Override
    public boolean isShort() {
        return true;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        // The pass takes its time, so that some die in the middle of it.
        Deployment slow = usual;
        for (Attribute attribute : Attribute.ALL) {
            slow = slow.with(attribute.change().property("backfill.max-rows-per-second"), "1500");
        }
        return slow;
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Trouble.during(() -> keepWalking(arena), () -> killOne(arena));
        arena.serve(200);
    }

    private void keepWalking(Arena arena) {
        while (arena.faults().count() < kills) {
            upAndDown(arena);
        }
        upForGood(arena);
    }

    private static void upAndDown(Arena arena) {
        arena.request("new-only");
        arena.awaitPhase("new-only");
        arena.request("old-only");
        arena.awaitPhase("old-only");
    }

    private static void upForGood(Arena arena) {
        arena.request("new-only");
        arena.allowContract();
        arena.awaitContracted();
    }

    private static void killOne(Arena arena) {
        int victim = victim(arena);
        arena.serve(50 + arena.random().nextInt(150));
        arena.kill(victim);
        arena.serve(20);
        arena.restart(victim);
    }

    private static int victim(Arena arena) {
        Optional<String> wanted = switch (arena.random().nextInt(3)) {
            case 0 -> arena.inspector().ask("select max(claimed_by) from segue_range where state = 'open'");
            case 1 ->
                arena.inspector()
                        .ask("select node from segue_journal where node like 'shop-%' order by id desc limit 1");
            default -> Optional.empty();
        };
        return IntStream.range(0, arena.nodes())
                .filter(node ->
                        wanted.filter(arena.fleet().registered(node)::equals).isPresent())
                .findFirst()
                .orElseGet(arena::anyNode);
    }
}

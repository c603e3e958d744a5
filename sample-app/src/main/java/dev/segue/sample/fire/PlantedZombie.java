package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;

/**
 * A node is stopped for longer than its lease, and the others walk on. Then its registration is renewed behind Segue's
 * back, so that its check before each commit says yes.
 */
final class PlantedZombie implements Scenario {

    @Override
    public String id() {
        return "planted-zombie";
    }

    @Override
    public String title() {
        return "A node commits although its lease has run out";
    }

    @Override
    public int nodes() {
        return 2;
    }

    @Override
    public boolean isPlanted() {
        return true;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Paused.withoutGuard(usual);
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        int zombie = arena.anyNode();
        Faults.Fault fault = arena.pauseIdle(zombie);
        arena.awaitLapsed(zombie);
        arena.request("read-new");
        arena.awaitPhase("read-new");
        arena.database()
                .execute("update segue_participant set state = 'live', lease_until = "
                        + (arena.database().isPostgres() ? "now() + interval '1 hour'" : "now(6) + interval 1 hour")
                        + " where node = '" + arena.fleet().registered(zombie) + "'");
        arena.planted();
        Paused.wake(arena, zombie, fault);
        arena.awaitFinding();
    }
}

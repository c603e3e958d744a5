package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;

/**
 * Nodes are stopped for longer than their lease while the others walk on, and then go on as if no time had passed: in the
 * middle of a transaction, and with requests that wait for them. There is no guard, so that nothing but the check before
 * the commit stands between a zombie and the data.
 */
final class Paused implements Scenario {

    private final boolean isLong;

    Paused(boolean isLong) {
        this.isLong = isLong;
    }

    @Override
    public String id() {
        return "paused";
    }

    @Override
    public String title() {
        return "kill -STOP for longer than the lease, without a guard, while the others walk on; then kill -CONT";
    }

    @Override
    public boolean isShort() {
        return true;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return withoutGuard(usual);
    }

    static Deployment withoutGuard(Deployment usual) {
        Deployment unguarded = usual;
        for (Attribute attribute : Attribute.ALL) {
            unguarded = unguarded.with(attribute.change().property("guard"), "none");
        }
        return unguarded;
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        walkOnWithout(arena, arena.anyNode(), "read-new");
        pauseInTransaction(arena, arena.anyNode());
        if (isLong) {
            walkOnWithout(arena, arena.anyNode(), "new-only");
            walkOnWithout(arena, arena.anyNode(), "old-only");
        }
        arena.request("new-only");
        arena.awaitPhase("new-only");
        int zombie = arena.anyNode();
        Faults.Fault fault = arena.pauseIdle(zombie);
        arena.allowContract();
        arena.awaitContracted();
        wake(arena, zombie, fault);
        arena.serve(200);
    }

    /** The others go where the zombie does not know of, and it wakes up with requests before it. */
    private static void walkOnWithout(Arena arena, int zombie, String phase) throws InterruptedException {
        Faults.Fault fault = arena.pauseIdle(zombie);
        arena.awaitLapsed(zombie);
        arena.request(phase);
        arena.awaitPhase(phase);
        wake(arena, zombie, fault);
        arena.awaitPhase(phase);
        arena.serve(100);
    }

    static void wake(Arena arena, int zombie, Faults.Fault fault) throws InterruptedException {
        Visitors visitors = Visitors.of(arena, zombie);
        visitors.knock();
        arena.resume(zombie, fault);
        visitors.leave();
    }

    /** Rows are locked, so that transactions of the victim wait in their middle, when it is stopped; the others go back. */
    @SuppressWarnings("try") // Its end is what counts.
    private static void pauseInTransaction(Arena arena, int zombie) throws InterruptedException {
        Visitors visitors = Visitors.of(arena, zombie);
        String lock = "select id from customer where id in (" + visitors.rows() + ") for update";
        Faults.Fault fault;
        try (Bystander holder = Bystander.after(lock, arena.database().direct())) {
            visitors.knock();
            arena.serve(50);
            fault = arena.pause(zombie, "kill -STOP in transactions");
        }
        arena.awaitLapsed(zombie);
        arena.request("dual-write");
        arena.awaitPhase("dual-write");
        arena.resume(zombie, fault);
        visitors.leave();
        arena.awaitPhase("dual-write");
    }
}

package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import dev.segue.test.database.Replica;

/**
 * The database is lost, and a replica takes its place that has not heard of the last seconds: on MySQL it lacks writes, moves
 * and proofs, on PostgreSQL only what was on its way. What was acknowledged in these seconds may be gone; what Segue says of
 * the columns must be true all the same.
 */
final class Failover implements Scenario {

    @Override
    public String id() {
        return "failover";
    }

    @Override
    public String title() {
        return "Failover to a replica that lags, in the middle of a pass and after a proof";
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Killed.slowly(usual);
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        try (Replica replica = arena.database().server().startReplica()) {
            arena.request("dual-write");
            arena.awaitPhase("dual-write");
            arena.load().create(false);
            long since = System.nanoTime();
            replica.holdUp();
            arena.request("read-new");
            arena.awaitPhase("read-new");
            arena.serve(100);
            failOver(arena, replica, since);
            arena.serve(300);
            arena.load().create(true);
            arena.request("new-only");
            arena.awaitPhase("new-only");
            arena.allowContract();
            arena.awaitContracted();
            arena.serve(100);
        } finally {
            // For whoever plays on this server next.
            arena.database().server().start();
        }
    }

    private static void failOver(Arena arena, Replica replica, long since) throws InterruptedException {
        Faults.Fault fault = arena.faults().onAll();
        arena.database().server().stop();
        replica.promote();
        arena.history().doubt(since);
        arena.database().moveTo(replica.port());
        arena.recoverAll(fault);
    }
}

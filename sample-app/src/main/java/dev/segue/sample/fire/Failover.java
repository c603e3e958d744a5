package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.Replica;

/**
 * The database is lost, and a replica takes its place that has not heard of the last seconds. What was acknowledged in these
 * seconds may be gone; what Segue says of the columns must be true all the same.
 */
enum Failover implements Scenario {
    /** The replica has half of a pass, and the fleet has a proof and reads the new columns when the database is lost. */
    IN_A_PASS(
            "failover",
            "Failover to a replica that has heard half of a pass, when the fleet reads the new columns already") {
        @Override
        public void play(Arena arena) throws InterruptedException {
            Replica replica = startReplica(arena);
            arena.load().create(false);
            arena.request("dual-write");
            arena.await(
                    "a pass to be in its middle",
                    () -> arena.inspector()
                            .ask("select count(*) from segue_range where state = 'open' and rows_read > 1000")
                            .filter("2"::equals)
                            .isPresent());
            long since = cutOff(arena, replica);
            arena.request("read-new");
            arena.awaitPhase("read-new");
            arena.serve(100);
            failOver(arena, since, 0);
            goOn(arena);
        }
    },

    /** The fleet waits for the replica before it reads the new columns; so the proof is there after the failover. */
    AFTER_A_PROOF("behind", "A replica far behind holds the fleet; then failover to it, which has heard the proof") {
        @Override
        public void play(Arena arena) throws InterruptedException {
            Replica replica = startReplica(arena);
            String url = arena.database().url(replica);
            // The pass need not wait for the replica: the reads have to.
            arena.deployWith(
                    usual -> usual.with("segue.replicas", url).with("segue.throttle.max-replication-lag", "0s"));
            arena.faults().onNobody("replica held up");
            replica.holdUp();
            arena.request("read-new");
            arena.await("the new columns to be proven", () -> proven(arena) == Attribute.ALL.size());
            arena.serve(400);
            arena.inspector()
                    .ask("select count(*) from segue_participant where phase in ('read-new', 'new-only')")
                    .filter(count -> !count.equals("0"))
                    .ifPresent(count -> arena.tally().wrongRead("the new column, which the replica does not have"));
            replica.letGo();
            arena.awaitPhase("read-new");
            arena.load().create(false);
            arena.serve(50);
            long since = cutOff(arena, replica);
            arena.serve(200);
            failOver(arena, since, Attribute.ALL.size());
            arena.deployWith(usual -> usual.with("segue.replicas", ""));
            goOn(arena);
        }
    };

    private final String id;
    private final String title;

    Failover(String id, String title) {
        this.id = id;
        this.title = title;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Walk.slowly(usual);
    }

    private static Replica startReplica(Arena arena) {
        Replica replica = arena.database().startReplica();
        awaitHeard(arena, replica);
        return replica;
    }

    /**
     * Lets the replica hear nothing more.
     *
     * @return up to when it has heard of everything that was acknowledged, by {@link System#nanoTime}
     */
    private static long cutOff(Arena arena, Replica replica) {
        long since = System.nanoTime();
        awaitHeard(arena, replica);
        replica.cutOff();
        return since;
    }

    /** Waits until it has heard of everything up to now. */
    private static void awaitHeard(Arena arena, Replica replica) {
        long row = arena.visited(1).get(0);
        arena.database().execute("update customer set note = 'heard' where id = " + row);
        arena.await(
                "the replica to hear of it",
                () -> arena.database().holds(replica, "select 1 from customer where note = 'heard' and id = " + row));
    }

    /** @param proven of how many changes the new column is proven there */
    private static void failOver(Arena arena, long since, int proven) throws InterruptedException {
        Faults.Fault fault = arena.faults().onAll("failover");
        arena.database().failOver();
        if (proven(arena) != proven) {
            throw new StoppedException("The replica knows " + proven(arena) + " proofs, not " + proven + ".");
        }
        arena.history().doubt(since);
        arena.recoverAll(fault);
    }

    /** Of how many changes the new column is proven. */
    private static int proven(Arena arena) {
        return arena.inspector()
                .ask("select count(*) from segue_change where sealed_new")
                .map(Integer::parseInt)
                .orElseThrow(() -> new StoppedException("The database does not answer."));
    }

    private static void goOn(Arena arena) {
        arena.serve(300);
        arena.load().create(true);
        arena.request("new-only");
        arena.awaitPhase("new-only");
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(100);
    }
}

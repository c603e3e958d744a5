package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deadline;
import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.FleetWatch;
import dev.segue.sample.fleet.Report;
import dev.segue.sample.fleet.SegueClient;
import dev.segue.sample.fleet.ShownChange;
import dev.segue.sample.fleet.StoppedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What a scenario plays with: the fleet under load, its operator and its database. For one thread, but for the faults of
 * {@link Trouble}.
 */
final class Arena {

    private final Fleet fleet;
    private final FleetWatch watch;
    private final SegueClient segue;
    private final Database database;
    private final Inspector inspector;
    private final Faults faults;
    private final Tally tally;
    private final History history;
    private final Load load;
    private final Deadline deadline;
    private final Random random;
    private final Queue<Long> forVisitors;
    private volatile Deployment deployment;
    private volatile long planted;

    @SuppressWarnings("TooManyParameters")
    Arena(
            Fleet fleet,
            SegueClient segue,
            Database database,
            Inspector inspector,
            Faults faults,
            Tally tally,
            History history,
            Load load,
            Deadline deadline,
            Random random,
            Deployment deployment,
            List<Long> forVisitors) {
        this.fleet = fleet;
        this.watch = new FleetWatch(fleet, segue);
        this.segue = segue;
        this.database = database;
        this.inspector = inspector;
        this.faults = faults;
        this.tally = tally;
        this.history = history;
        this.load = load;
        this.deadline = deadline;
        this.random = random;
        this.deployment = deployment;
        this.forVisitors = new ArrayDeque<>(forVisitors);
    }

    Random random() {
        return random;
    }

    Database database() {
        return database;
    }

    Inspector inspector() {
        return inspector;
    }

    History history() {
        return history;
    }

    Load load() {
        return load;
    }

    Tally tally() {
        return tally;
    }

    Faults faults() {
        return faults;
    }

    int nodes() {
        return fleet.size();
    }

    int anyNode() {
        return random.nextInt(fleet.size());
    }

    Fleet fleet() {
        return fleet;
    }

    // The operator.

    /** Rolls a deploy that tells both changes where to go, one node after the other. */
    void deploy(String phase) throws InterruptedException {
        deployment = told(deployment, phase);
        fleet.roll(deployment);
        awaitPhase(phase);
    }

    /** The same, but for where both changes are told to go. */
    static Deployment told(Deployment deployment, String phase) {
        Deployment told = deployment;
        for (Attribute attribute : Attribute.ALL) {
            told = told.phase(attribute.change(), phase);
        }
        return told;
    }

    /** Waits until one node is in this phase of both changes. */
    void awaitPhaseOf(int node, String phase) {
        await("node " + node + " to be in " + phase, () -> {
            watch.look();
            return Attribute.ALL.stream()
                    .allMatch(attribute -> watch.of(fleet.node(node).backend(), attribute.change())
                            .filter(report -> report.phase().equals(phase))
                            .isPresent());
        });
    }

    /** Restarts one node in order, with another configuration than the others have. */
    void deployTo(int node, UnaryOperator<Deployment> other) throws InterruptedException {
        fleet.replace(node, other.apply(deployment));
    }

    /** Tells the fleet where to go with both changes; no deploy. */
    void request(String phase) {
        Attribute.ALL.forEach(attribute -> tell(attribute.change(), Map.of("action", "request", "phase", phase)));
    }

    void allowContract() {
        Attribute.ALL.forEach(attribute -> tell(attribute.change(), Map.of("action", "allow-contract")));
    }

    /** Tells it to a node that takes it; one may be about to die. */
    void tell(ShownChange change, Map<String, String> action) {
        deadline.await(
                "a node to take " + action,
                () -> fleet.slots().values().stream()
                        .filter(slot -> slot.doing() == Fleet.Doing.SERVING)
                        .anyMatch(slot -> isTaken(slot, change, action)));
    }

    private boolean isTaken(Fleet.Slot slot, ShownChange change, Map<String, String> action) {
        try {
            segue.tell(slot.node().backend(), change, action);
            return true;
        } catch (StoppedException e) {
            if (faults.excuse(Optional.of(slot.node().backend()), System.nanoTime(), System.nanoTime())) {
                return false;
            }
            throw e;
        }
    }

    /** Waits until every node that serves is in this phase of both changes. */
    void awaitPhase(String phase) {
        await("be in " + phase, report -> report.phase().equals(phase));
    }

    /** Waits until both columns of both changes are proven. */
    void awaitSealed() {
        await("know both columns proven", report -> report.isSealed("new") && report.isSealed("old"));
    }

    void awaitContracted() {
        await(
                "see the old columns dropped",
                () -> Attribute.ALL.stream().allMatch(attribute -> inspector.isContracted(attribute.change())));
    }

    private void await(String what, Predicate<Report.Change> fact) {
        await("every node to " + what, () -> {
            watch.look();
            return Attribute.ALL.stream().allMatch(attribute -> watch.everyNode(attribute.change(), fact));
        });
    }

    void await(String what, BooleanSupplier fact) {
        deadline.await(what, fact);
    }

    /** Lets the shoppers make so many more requests. */
    void serve(int requests) {
        long enough = tally.requests() + requests;
        await(requests + " more requests", () -> tally.requests() >= enough);
    }

    String diagnosis() {
        watch.look();
        return watch.diagnosis(Attribute.ALL.stream().map(Attribute::change).toList());
    }

    // Bugs that are planted.

    /** Now it is there. */
    void planted() {
        planted = System.nanoTime();
    }

    /** Waits until the oracle has found something, and says in the log how long that took. */
    void awaitFinding() {
        await("the oracle to find the planted bug", tally::hasFindings);
        tally.note(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - planted) + " s | "
                + tally.findings().get(0).replaceFirst(":.*", ""));
    }

    /** Customers that no shopper writes, for whoever visits a certain node; others each time. */
    List<Long> visited(int count) {
        List<Long> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(forVisitors.remove());
        }
        return rows;
    }

    // What is done to nodes.

    /** Kills a node; it stays dead until it is {@link #restart started again}. */
    void kill(int node) {
        faults.on(fleet.node(node).backend());
        fleet.kill(node);
    }

    void restart(int node) {
        fleet.restart(node, deployment);
    }

    /** Stops a node that has nothing to do: a transaction that it left open would hold up the others. */
    Faults.Fault pauseIdle(int node) throws InterruptedException {
        fleet.drain(node);
        return pause(node);
    }

    /** Stops a node where it is. The fault is over when it has been {@link #resume resumed}. */
    Faults.Fault pause(int node) throws InterruptedException {
        Faults.Fault fault = faults.on(fleet.node(node).backend());
        fleet.pause(node);
        return fault;
    }

    /** Lets it go on. It serves again, and may not err any more, when it has a lease. */
    void resume(int node, Faults.Fault fault) throws InterruptedException {
        fleet.resume(node);
        recover(node, fault);
    }

    /** Waits until a node has a lease again and lets it serve. */
    void recover(int node, Faults.Fault fault) {
        awaitHealth(node);
        fleet.admit(node);
        fault.close();
    }

    /** Its lease stands, and requests to it succeed, so that a balancer would trust it again. */
    private void awaitHealth(int node) {
        awaitLease(node);
        Probe probe = new Probe(fleet.node(node).backend());
        await(fleet.registered(node) + " to answer again", probe::succeedsAgainAndAgain);
    }

    private void awaitLease(int node) {
        String sql = "select count(*) from segue_participant where state = 'live' and lease_until > "
                + (database.isPostgres() ? "clock_timestamp()" : "now(6)") + " and node = '"
                + fleet.registered(node) + "'";
        await(
                fleet.registered(node) + " to have a lease",
                () -> inspector
                        .ask(sql)
                        .filter(String.valueOf(Attribute.ALL.size())::equals)
                        .isPresent());
    }

    /** Whether others hold that the lease of this node is over. */
    void awaitLapsed(int node) {
        String sql = "select count(*) from segue_participant where state = 'live' and node = '" + fleet.registered(node)
                + "'";
        await(
                fleet.registered(node) + " to be given up",
                () -> inspector.ask(sql).filter("0"::equals).isPresent());
    }
}

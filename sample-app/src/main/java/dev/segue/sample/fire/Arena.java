package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deadline;
import dev.segue.sample.fleet.Deployment;
import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.FleetWatch;
import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.Report;
import dev.segue.sample.fleet.SegueClient;
import dev.segue.sample.fleet.ShopClient;
import dev.segue.sample.fleet.ShownChange;
import dev.segue.sample.fleet.StoppedException;
import java.time.Duration;
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

    private static final long POOL_MILLIS = 2_000;

    private final Fleet fleet;
    private final LoadBalancer balancer;
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
    private final Duration lease;
    private final Queue<Long> forVisitors;
    private volatile Deployment deployment;
    private volatile long planted;

    @SuppressWarnings("TooManyParameters")
    Arena(
            Fleet fleet,
            LoadBalancer balancer,
            SegueClient segue,
            Database database,
            Inspector inspector,
            Faults faults,
            Tally tally,
            History history,
            Load load,
            Deadline deadline,
            Random random,
            Duration lease,
            Deployment deployment,
            List<Long> forVisitors) {
        this.fleet = fleet;
        this.balancer = balancer;
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
        this.lease = lease;
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

    /** Rolls a deploy that tells both changes where to go, one node after the other; they need not be there yet. */
    void deploy(String phase) throws InterruptedException {
        deployWith(usual -> told(usual, phase));
    }

    /** Rolls a deploy with another configuration. */
    void deployWith(UnaryOperator<Deployment> other) throws InterruptedException {
        faults.onNobody("rolling deploy");
        deployment = other.apply(deployment);
        fleet.roll(deployment);
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
        faults.onNobody("node replaced");
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
        await(requests + " more requests", () -> {
            if (!load.isComplete()) {
                throw new StoppedException("A shopper has given up.");
            }
            return tally.requests() >= enough;
        });
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
        await("the oracle to find the planted bug", () -> tally.firstWrong().isPresent());
        tally.note(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - planted) + " s | "
                + tally.firstWrong().orElseThrow());
    }

    /** Goes to any node, as the shoppers do. */
    ShopClient shop() {
        return new ShopClient(balancer, tally);
    }

    /** The application as it was, past the shop. */
    LegacyShop legacy() {
        return new LegacyShop(database.direct(), tally);
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
    void kill(int node, String what) {
        faults.on(fleet.node(node).backend(), what);
        fleet.kill(node);
    }

    void restart(int node) {
        fleet.restart(node, deployment);
    }

    /** Stops a node that has nothing to do: a transaction that it left open would hold up the others. */
    Faults.Fault pauseIdle(int node) throws InterruptedException {
        fleet.drain(node);
        return pause(node, "kill -STOP");
    }

    /** Stops a node where it is. The fault is over when it has been {@link #resume resumed}. */
    Faults.Fault pause(int node, String what) throws InterruptedException {
        Faults.Fault fault = faults.on(fleet.node(node).backend(), what);
        fleet.pause(node);
        return fault;
    }

    /** Lets it go on. It serves again, and may not err any more, when it has a lease. */
    void resume(int node, Faults.Fault fault) throws InterruptedException {
        fleet.resume(node);
        recover(node, fault);
    }

    /** Takes a node out of rotation, with its requests on their way; something is about to be done to it. */
    Faults.Fault leave(int node, String what) {
        Faults.Fault fault = faults.on(fleet.node(node).backend(), what);
        fleet.leave(node);
        return fault;
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

    /**
     * Waits until every node has got over what was done to the database; then the fault is over. A connection that was
     * used half a second ago is taken from the pool untried, so that a dead one may be taken for so long.
     */
    void recoverAll(Faults.Fault fault) throws InterruptedException {
        Thread.sleep(POOL_MILLIS);
        for (int i = 0; i < fleet.size(); i++) {
            awaitHealth(i);
        }
        fault.close();
    }

    /** Lets time go by until everybody's lease has run out. */
    void outlastLeases() throws InterruptedException {
        Thread.sleep(lease.toMillis() * 2);
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

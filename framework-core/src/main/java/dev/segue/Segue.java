package dev.segue;

import dev.segue.backfill.Tuning;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.fleet.Bracing;
import dev.segue.fleet.JournalLine;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Operator;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.fleet.Request;
import dev.segue.fleet.SessionHost;
import dev.segue.fleet.Waivers;
import dev.segue.fleet.WayBack;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.schema.ChangePlan;
import dev.segue.schema.Pipeline;
import dev.segue.schema.StageRunner;
import dev.segue.watch.Outsiders;
import dev.segue.watch.QueryPlans;
import dev.segue.watch.SightingLog;
import dev.segue.watch.Watch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ScheduledExecutorService;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node of the fleet, as the application sees it.
 *
 * <ol>
 *   <li>{@link #check} compares configuration, entities and catalog, and refuses with everything that is wrong. Nothing
 *       has been changed by then.
 *   <li>{@link #start} makes the registry's tables, joins the fleet in a legal phase and begins to walk.
 *   <li>{@link #close} leaves.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class Segue implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Segue.class);

    private final SegueSettings settings;
    private final List<ColumnChange> changes;
    private final Database database;
    private final Registry registry;
    private final NodeLease lease;
    private final Conductor conductor;
    private final Flags flags;
    private final Workshop workshop;
    private final Comparisons comparisons;
    private final Listeners listeners = new Listeners();
    private final Map<String, List<String>> attributes;
    private final Followers followers;
    private final Sightings sightings;
    private final LostIndexes lostIndexes;
    private final Caution caution;
    private final Instructions instructions;
    private final Lookout lookout;
    private final Entry entry;
    private final ScheduledExecutorService rounds = Threads.scheduler("segue-conductor");

    private Segue(Checked checked, SessionHost host, Surroundings around, Watch watch) {
        this.settings = checked.settings();
        this.changes = checked.changes();
        DataSource direct = checked.direct();
        this.database = checked.database();
        this.attributes = checked.attributes();
        this.registry =
                new Registry(direct, database, settings.identity().node(), NodeClock.SYSTEM, listeners::journaled);
        Membership membership = new Membership(registry, settings.identity(), settings.lease(), NodeClock.SYSTEM);
        this.lease = new NodeLease(registry.renewals(), membership, changes.size(), settings.lease());
        this.flags =
                new Flags(around.flags(), changes.stream().map(ColumnChange::id).toList());
        this.workshop =
                new Workshop(settings, direct, checked.owner(), database, registry, around.throttle(), listeners);
        this.comparisons = new Comparisons(settings, direct, database, registry, around.throttle(), listeners);
        this.followers = new Followers(around.replicas(), direct, database);
        this.sightings = new Sightings(
                settings,
                new SightingLog(direct, database, settings.identity().node(), watch.statements()),
                new Outsiders(direct, database, settings.lease().dividedBy(2)));
        this.lostIndexes = new LostIndexes(new QueryPlans(direct, database));
        this.caution = new Cautions(List.of(
                comparisons,
                followers,
                sightings,
                lostIndexes,
                new Strangers(settings.lease().multipliedBy(2))));
        this.instructions = new Instructions(settings, flags, membership);
        this.lookout = new Lookout(settings, changes, watch.measures(), new WayBack(registry));
        this.conductor = new Conductor(
                settings,
                changes,
                registry,
                membership,
                lease,
                new Bracing(direct),
                flags,
                instructions,
                host,
                workshop,
                listeners,
                caution,
                lookout);
        this.entry = new Entry(checked, registry, flags, instructions, workshop, conductor);
    }

    /**
     * What {@link #check} has found to be in order.
     *
     * @param changes as resolved against the catalog
     * @param attributes the classes and attributes that declare each change, as a message names them
     * @param ended changes that are configured, declared by nobody, and over: only the configuration is left
     * @param direct connections outside the application's pool
     * @param owner connections of the user that changes the schema; often the same
     */
    public record Checked(
            SegueSettings settings,
            List<ColumnChange> changes,
            Map<String, List<String>> attributes,
            List<String> ended,
            DataSource direct,
            DataSource owner,
            Database database) {

        public Checked {
            changes = List.copyOf(changes);
            attributes = Map.copyOf(attributes);
            ended = List.copyOf(ended);
        }

        /** Whether an index is built concurrently for any of the changes, which waits for every open transaction. */
        public boolean buildsConcurrently() throws SQLException {
            StageRunner runner = new StageRunner(owner, database, settings.lockPatience());
            for (ColumnChange change : changes) {
                if (runner.buildsConcurrently(change)) {
                    return true;
                }
            }
            return false;
        }

        /** The SQL of all stages of each change, as it would run now; nothing is changed. */
        public List<ChangePlan> plans() throws SQLException {
            StageRunner runner = new StageRunner(owner, database, settings.lockPatience());
            List<ChangePlan> plans = new ArrayList<>();
            for (ColumnChange change : changes) {
                plans.add(runner.plan(change, settings.change(change.id()).guarded()));
            }
            return plans;
        }
    }

    /**
     * Checks everything that can be known before anything is changed.
     *
     * @param declared what the entities declare
     * @param known mistakes that were found before, to be told together with the others
     * @param direct connections outside the application's pool
     * @throws StartRefusedException with every mistake found
     * @throws SQLException if the database could not be asked
     */
    public static Checked check(
            SegueSettings settings, List<Declaration> declared, List<Problem> known, DataSource direct)
            throws SQLException {
        return check(settings, declared, known, direct, direct);
    }

    /**
     * As {@link #check(SegueSettings, List, List, DataSource)}, where somebody else than the application changes the
     * schema.
     *
     * @param owner connections of that user, to the same database
     */
    public static Checked check(
            SegueSettings settings,
            List<Declaration> declared,
            List<Problem> known,
            DataSource direct,
            DataSource owner)
            throws SQLException {
        return Check.of(settings, declared, known, direct, owner);
    }

    /**
     * Joins the fleet and begins to walk. On return the host has a layout, and new sessions may begin.
     *
     * @throws StartRefusedException if the node may not start: a changed definition, no legal phase, or a phase that is
     *     not the one asked for while {@code segue.unmet} is {@code fail}
     */
    public static Segue start(Checked checked, SessionHost host) throws SQLException {
        return start(checked, host, Surroundings.NONE);
    }

    /**
     * As {@link #start(Checked, SessionHost)}, for a node that has flags, replicas, or signals by which it goes easy on the
     * database.
     */
    public static Segue start(Checked checked, SessionHost host, Surroundings around) throws SQLException {
        return start(checked, host, around, Watch.of(checked.changes(), checked.database()));
    }

    /**
     * As {@link #start(Checked, SessionHost, Surroundings)}, for an application that tells how its work goes.
     *
     * @param watch hears of it
     */
    public static Segue start(Checked checked, SessionHost host, Surroundings around, Watch watch) throws SQLException {
        makeTables(checked);
        Segue segue = new Segue(checked, host, around, watch);
        try {
            segue.entry.join();
            // Whether a round is due is the conductor's to say.
            Threads.repeat(segue.rounds, Duration.ofMillis(100), segue.conductor::round);
        } catch (Throwable e) {
            segue.stop();
            throw e;
        }
        return segue;
    }

    private static void makeTables(Checked checked) throws SQLException {
        SegueSettings.SchemaWork schema = checked.settings().schema();
        if (!schema.external()) {
            RegistryTables.migrate(checked.owner(), checked.database());
            RegistryTables.share(checked.owner(), checked.direct(), checked.database());
            return;
        }
        Optional<String> script = RegistryTables.awaited(checked.owner(), checked.database());
        if (script.isPresent()) {
            String file = "registry." + checked.database().name().toLowerCase(Locale.ROOT) + ".sql";
            throw new StartRefusedException(List.of(new Problem(
                    "segue.schema.execute",
                    "external",
                    "Segue's own tables are not there, or not up to date, and your pipeline is to make them.",
                    "Let it run " + file + ": " + Pipeline.publish(schema.scripts(), file, script.get()) + ".")));
        }
    }

    /** The unique id of this node. */
    public String node() {
        return settings.identity().node();
    }

    /** Whether the node has lost its lease, so that none of its transactions can commit until it has joined again. */
    public boolean isFenced() {
        return lease.isLost();
    }

    /**
     * What 95 of 100 statements of this node's sessions have not exceeded in the last seconds, in milliseconds; empty if they
     * have run none.
     */
    public OptionalDouble latencyMillis() {
        return lookout.latencyMillis();
    }

    /** Lets somebody hear what this node does from now on. */
    public void listen(SegueListener listener) {
        listeners.add(listener);
    }

    /**
     * The last lines of the journal of a change, by whichever node; the latest first.
     *
     * @param most how many at most
     * @throws IllegalArgumentException if this node does not know the change
     */
    public List<JournalLine> journal(String change, int most) throws SQLException {
        return registry.journal(known(change), most);
    }

    /**
     * The classes and attributes that declare a change, as a message names them.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public List<String> attributes(String change) {
        return attributes.getOrDefault(known(change), List.of());
    }

    /** What the configuration of this node says of a change. */
    public ChangeSettings settings(String change) {
        return settings.change(change);
    }

    /** Where each change is, as of the last round. */
    public List<ChangeStatus> status() {
        return changes.stream().map(this::status).toList();
    }

    private ChangeStatus status(ColumnChange change) {
        String id = change.id();
        Conductor.Sight sight = conductor.sight(id);
        List<Held> held = new ArrayList<>(sight.held());
        held.addAll(workshop.held(id));
        return new ChangeStatus(
                change,
                sight.record(),
                sight.phase(),
                instructions.all(sight.record()),
                held,
                workshop.pass(id),
                workshop.drift(change),
                comparisons.status(id),
                sightings.all(id),
                lostIndexes.all(id));
    }

    /**
     * The SQL of all stages of a change, forth and back, as it would run now in this database; for a reviewer, or to be
     * kept under {@code db/segue} on the class path, where it then is what runs.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public ChangePlan plan(String change) throws SQLException {
        return workshop.plan(found(change));
    }

    /** As {@link #request(String, Phase, String, String)}, without a reason. */
    public void request(String change, Phase phase, String operator) throws SQLException {
        request(change, phase, operator, null);
    }

    /**
     * Tells the whole fleet where to go with a change, in the name of an operator. Nothing is stronger. On return
     * {@link #status} of this node shows it; every other node hears it within one renewal.
     *
     * @param operator who says so
     * @param why the reason, or null
     * @throws IllegalArgumentException if this node does not know the change, or the reason is too long
     */
    public void request(String change, Phase phase, String operator, @Nullable String why) throws SQLException {
        operator().request(known(change), phase, operator, why);
        conductor.read(change);
    }

    /**
     * Takes back what the whole fleet is told about a change, by an operator and by the watch: from then on each node
     * does what its flag or its configuration says.
     *
     * @param operator who takes it back
     * @return what has been taken back, strongest first
     * @throws IllegalArgumentException if this node does not know the change
     */
    public List<Request> clearRequests(String change, String operator) throws SQLException {
        List<Request> cleared = operator().clearRequests(known(change), operator);
        conductor.read(change);
        return cleared;
    }

    /**
     * Tells the whole fleet to go back with a change, in the name of this node's watch. An operator is stronger; flags and
     * configuration are weaker, but where they have a node still lower, that counts. It stands until an operator clears it.
     *
     * @param phase where to be at most
     * @param why what the watch has seen
     * @return whether it stands now because of this call; false if one that goes back as far was there before
     * @throws IllegalArgumentException if this node does not know the change
     */
    public boolean requestBack(String change, Phase phase, String why) throws SQLException {
        boolean stands = new WayBack(registry).request(known(change), phase, node(), why);
        conductor.read(change);
        return stands;
    }

    /**
     * Ends a change before its time: the whole fleet goes back to {@code old-only}, and the schema becomes what it was.
     *
     * @param why the reason, or null
     * @throws IllegalArgumentException if this node does not know the change, or the reason is too long
     */
    public void abandon(String change, String operator, @Nullable String why) throws SQLException {
        operator().abandon(known(change), operator, why);
        conductor.read(change);
    }

    /**
     * Permits the drop of the old columns of a change, once all its conditions hold.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void allowContract(String change, String operator) throws SQLException {
        operator().allowContract(known(change), operator);
        conductor.read(change);
    }

    /**
     * Vouches that nobody outside the fleet writes the tables of a change, so that nothing waits for a guard any more.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void vouch(String change, String operator) throws SQLException {
        operator().vouch(known(change), operator);
        conductor.read(change);
    }

    /**
     * Confirms that the way back discards the values that were set in a column that has been introduced.
     *
     * @return what stands in the way; empty if it has been written down
     * @throws IllegalArgumentException if this node does not know the change
     */
    public List<Held> discard(String change, String operator) throws SQLException {
        List<Held> held = operator().discard(known(change), operator);
        conductor.read(change);
        return held;
    }

    /**
     * Lets a change go on in spite of one thing that holds it, for good.
     *
     * @param key what is waived, as the message that says what holds has it
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void waive(String change, String key, String operator) throws SQLException {
        new Waivers(database, registry).waive(known(change), key, operator);
        caution.waived(change);
    }

    /**
     * Lets the work on the rows of a change rest, on every node from its next batch on: backfill and comparison.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void pause(String change, String operator) throws SQLException {
        operator().pause(known(change), operator);
        conductor.read(change);
    }

    /**
     * Lets it go on where it was.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void resume(String change, String operator) throws SQLException {
        operator().resume(known(change), operator);
        conductor.read(change);
    }

    /**
     * Changes how hard the work on the rows of a change may push, on every node, while it goes on.
     *
     * @param tuning in the place of the one before; {@link Tuning#NONE} is as configured
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void retune(String change, Tuning tuning, String operator) throws SQLException {
        workshop.retune(known(change), tuning, operator);
    }

    /**
     * Lets this node compare the two sides of every row of a change soon, if both are sealed. It changes nothing.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void verify(String change) {
        comparisons.demand(known(change));
    }

    /**
     * Brings one side of the rows that a comparison has found to differ up to date from the other.
     *
     * @param side the side to be written
     * @return how many rows still differ
     * @throws IllegalArgumentException if this node does not know the change
     * @throws IllegalStateException if nobody knows that the other side is right
     */
    public int repair(String change, Side side, String operator) throws SQLException {
        return comparisons.repair(found(change), side, operator);
    }

    private Operator operator() {
        return new Operator(registry);
    }

    private String known(String change) {
        return found(change).id();
    }

    private ColumnChange found(String change) {
        return changes.stream()
                .filter(c -> c.id().equals(change))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no change '" + change + "' here."));
    }

    /** Stops walking and leaves the fleet; call it when the application's sessions have ended. */
    @Override
    public void close() {
        Threads.stop(rounds);
        flags.close();
        workshop.close();
        comparisons.close();
        followers.close();
        try {
            conductor.leave();
        } catch (SQLException | RuntimeException e) {
            log.warn("The node could not leave the fleet ({}); its lease runs out by itself.", e.getMessage());
        }
        listeners.close();
        lease.close();
    }

    private void stop() {
        Threads.stop(rounds);
        flags.close();
        workshop.close();
        comparisons.close();
        listeners.close();
        followers.close();
        lease.close();
    }
}

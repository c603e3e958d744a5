package dev.segue;

import dev.segue.backfill.Passes;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.fleet.Bracing;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.Operator;
import dev.segue.fleet.Registry;
import dev.segue.fleet.RegistryTables;
import dev.segue.fleet.SessionHost;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.schema.Catalog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
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
    private final Workshop workshop;
    private final ScheduledExecutorService rounds = Threads.scheduler("segue-conductor");

    private Segue(Checked checked, SessionHost host) {
        this.settings = checked.settings();
        this.changes = checked.changes();
        DataSource direct = checked.direct();
        this.database = checked.database();
        this.registry = new Registry(direct, database, settings.identity().node(), NodeClock.SYSTEM);
        Membership membership = new Membership(registry, settings.identity(), settings.lease(), NodeClock.SYSTEM);
        this.lease = new NodeLease(registry.renewals(), membership, changes.size(), settings.lease());
        this.workshop = new Workshop(settings, direct, database, registry);
        this.conductor =
                new Conductor(settings, changes, registry, membership, lease, new Bracing(direct), host, workshop);
    }

    /**
     * What {@link #check} has found to be in order.
     *
     * @param changes as resolved against the catalog
     */
    public record Checked(SegueSettings settings, List<ColumnChange> changes, DataSource direct, Database database) {

        public Checked {
            changes = List.copyOf(changes);
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
        List<Problem> problems = new ArrayList<>(known);
        problems.addAll(settings.problems());
        Map<String, List<Declaration>> byChange = declared.stream()
                .collect(Collectors.groupingBy(Declaration::change, TreeMap::new, Collectors.toList()));
        for (String configured : settings.changes().keySet()) {
            if (!byChange.containsKey(configured)) {
                problems.add(new Problem(
                        "segue.changes." + configured,
                        configured,
                        "No entity declares a change of this id.",
                        byChange.isEmpty()
                                ? "Annotate the attribute that replaces the column, or remove the property."
                                : "Use one of " + byChange.keySet()
                                        + ", or remove the property if the change is over."));
            }
        }
        problems.addAll(twiceReplaced(declared));
        try (Connection connection = direct.getConnection()) {
            Database database = Database.of(connection);
            Catalog catalog = new Catalog(connection, database);
            List<ColumnChange> changes = new ArrayList<>();
            for (Map.Entry<String, List<Declaration>> change : byChange.entrySet()) {
                catalog.resolve(change.getKey(), change.getValue(), problems).ifPresent(changes::add);
            }
            changes.forEach(change -> problems.addAll(Passes.problems(change, database)));
            if (!problems.isEmpty()) {
                throw new StartRefusedException(problems);
            }
            return new Checked(settings, changes, direct, database);
        }
    }

    private static List<Problem> twiceReplaced(List<Declaration> declared) {
        Map<String, List<Declaration>> byColumn = declared.stream()
                .flatMap(d -> d.oldColumns().stream().map(column -> Map.entry(d.table() + "." + column, d)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, TreeMap::new, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        return byColumn.entrySet().stream()
                .filter(column -> column.getValue().size() > 1)
                .map(column -> new Problem(
                        column.getValue().stream().map(Declaration::attribute).collect(Collectors.joining(", ")),
                        column.getKey(),
                        "Two changes replace the same column: "
                                + column.getValue().stream()
                                        .map(Declaration::change)
                                        .toList() + ".",
                        "Finish one change before the next begins, or make them one."))
                .toList();
    }

    /**
     * Joins the fleet and begins to walk. On return the host has a layout, and new sessions may begin.
     *
     * @throws StartRefusedException if the node may not start: a changed definition, no legal phase, or a phase that is
     *     not the one asked for while {@code segue.unmet} is {@code fail}
     */
    public static Segue start(Checked checked, SessionHost host) throws SQLException {
        RegistryTables.migrate(checked.direct(), checked.database());
        Segue segue = new Segue(checked, host);
        try {
            segue.join();
        } catch (Throwable e) {
            segue.stop();
            throw e;
        }
        return segue;
    }

    private void join() throws SQLException {
        List<Problem> problems = new ArrayList<>();
        for (ColumnChange change : changes) {
            declare(change).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new StartRefusedException(problems);
        }
        if (settings.unmet() == SegueSettings.Unmet.FAIL) {
            workshop.expandNow(changes);
        }
        try {
            conductor.join().forEach((change, held) -> {
                log.info(
                        "Change {} waits: {}",
                        change,
                        held.stream().map(Held::message).toList());
                if (settings.unmet() == SegueSettings.Unmet.FAIL) {
                    problems.add(refused(change, settings.change(change).phase(), held));
                }
            });
        } catch (NoLegalPhaseException e) {
            throw new StartRefusedException(List.of(refused(e.change(), e.requested(), e.held())));
        }
        if (!problems.isEmpty()) {
            conductor.leave();
            throw new StartRefusedException(problems);
        }
        // Whether a round is due is the conductor's to say.
        Threads.repeat(rounds, Duration.ofMillis(100), conductor::round);
    }

    private Optional<Problem> declare(ColumnChange change) throws SQLException {
        String definition = change.definition();
        return registry.declare(change.id(), definition, change.kind(), guardForm(change))
                .map(other -> new Problem(
                        "segue.changes." + change.id(),
                        definition,
                        "The change is under way with another definition: " + other + ".",
                        "Give the new definition an id of its own, or put the old one back until the change is over."));
    }

    private Guard.Form guardForm(ColumnChange change) {
        if (!settings.change(change.id()).guarded()) {
            return Guard.Form.NONE;
        }
        if (change.isSql()) {
            return Guard.Form.SQL;
        }
        return database == Database.POSTGRESQL ? Guard.Form.JAVA : Guard.Form.JAVA_BLIND;
    }

    private static Problem refused(String change, Phase requested, List<Held> held) {
        return new Problem(
                "segue.changes." + change + ".phase",
                requested.id(),
                held.stream()
                        .map(h -> h.clause().id() + ": " + h.message())
                        .collect(Collectors.joining("; ", "The phase is not allowed now. ", ".")),
                held.stream().map(Held::remedy).distinct().collect(Collectors.joining("; ", "", "."))
                        + " Or set segue.unmet to hold: then the node starts in a legal phase and walks on by itself.");
    }

    /** The unique id of this node. */
    public String node() {
        return settings.identity().node();
    }

    /** Whether the node has lost its lease, so that none of its transactions can commit until it has joined again. */
    public boolean isFenced() {
        return lease.isLost();
    }

    /** Where each change is, as of the last round. */
    public List<ChangeStatus> status() {
        return changes.stream().map(conductor::status).toList();
    }

    /**
     * Tells the whole fleet where to go with a change; null takes the request back.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void request(String change, @Nullable Phase phase, String operator) throws SQLException {
        operator().request(known(change), phase, operator);
    }

    /**
     * Ends a change before its time: the whole fleet goes back to {@code old-only}, and the schema becomes what it was.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void abandon(String change, String operator) throws SQLException {
        operator().abandon(known(change), operator);
    }

    /**
     * Permits the drop of the old columns of a change, once all its conditions hold.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void allowContract(String change, String operator) throws SQLException {
        operator().allowContract(known(change), operator);
    }

    /**
     * Vouches that nobody outside the fleet writes the tables of a change, so that nothing waits for a guard any more.
     *
     * @throws IllegalArgumentException if this node does not know the change
     */
    public void vouch(String change, String operator) throws SQLException {
        operator().vouch(known(change), operator);
    }

    /**
     * Confirms that the way back discards the values that were set in a column that has been introduced.
     *
     * @return what stands in the way; empty if it has been written down
     * @throws IllegalArgumentException if this node does not know the change
     */
    public List<Held> discard(String change, String operator) throws SQLException {
        return operator().discard(known(change), operator);
    }

    private Operator operator() {
        return new Operator(registry);
    }

    private String known(String change) {
        if (changes.stream().noneMatch(c -> c.id().equals(change))) {
            throw new IllegalArgumentException("There is no change '" + change + "' here.");
        }
        return change;
    }

    /** Stops walking and leaves the fleet; call it when the application's sessions have ended. */
    @Override
    public void close() {
        Threads.stop(rounds);
        workshop.close();
        try {
            conductor.leave();
        } catch (SQLException | RuntimeException e) {
            log.warn("The node could not leave the fleet ({}); its lease runs out by itself.", e.getMessage());
        }
        lease.close();
    }

    private void stop() {
        Threads.stop(rounds);
        workshop.close();
        lease.close();
    }
}

package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies and reverts stages while the application works on the table.
 *
 * <ol>
 *   <li>Plan the stage from the catalog. If something holds it, say so and do nothing. A script of the class path takes
 *       the place of the plan, which is then what the catalog is measured by at the end. If a {@link Pipeline} runs the
 *       statements, that is all that is done here.
 *   <li>Run the steps; what is done already is skipped. No lock of Flyway is held meanwhile, and no transaction between two
 *       steps: an index that is built concurrently would wait for it.
 *   <li>Record the run in the history.
 * </ol>
 *
 * <p>Every stage may be run again, also when it has been applied or has been killed half way; retries for a lock happen
 * inside. The guard is no part of the history, because it comes and goes with the fleet. May be used by several threads.
 */
public final class StageRunner {

    private static final Logger log = LoggerFactory.getLogger(StageRunner.class);

    private final DataSource direct;
    private final Database database;
    private final Dialect dialect;
    private final LockPatience patience;
    private final StagePlans plans;
    private final StepRunner steps;
    private final StageHistory history;
    private final Scripts scripts;
    private final Proof proof;
    private final @Nullable Pipeline pipeline;
    /** By change and script. */
    private final Map<String, Map<String, List<String>>> drift = new ConcurrentHashMap<>();

    /** @param direct connections to the database itself; up to five at a time */
    public StageRunner(DataSource direct, Database database, LockPatience patience) {
        this(direct, database, patience, Scripts.ofThread(), null);
    }

    /**
     * @param scripts what runs in place of the generated statements
     * @param pipeline who runs the statements in place of this process, or null
     */
    public StageRunner(
            DataSource direct, Database database, LockPatience patience, Scripts scripts, @Nullable Pipeline pipeline) {
        this.direct = direct;
        this.database = database;
        this.patience = patience;
        this.scripts = scripts;
        this.pipeline = pipeline;
        this.dialect = Dialect.of(database);
        this.plans = new StagePlans(direct, database);
        this.steps = new StepRunner(direct, database, patience);
        this.history = new StageHistory(direct, database);
        this.proof = new Proof(direct, database, plans);
    }

    /**
     * The statements of a stage as they would run now.
     *
     * @param guarded whether the change has a guard
     */
    public List<String> plan(ColumnChange change, Stage stage, boolean guarded) throws SQLException {
        return plans.plan(change, stage, guarded).apply().stream()
                .flatMap(step -> step.sql().stream())
                .toList();
    }

    /** Whether the stages of a change build an index concurrently, which waits for every open transaction. */
    public boolean buildsConcurrently(ColumnChange change) throws SQLException {
        return plan(change, Stage.ENFORCE, true).stream().anyMatch(sql -> sql.contains(" INDEX CONCURRENTLY "));
    }

    /** Every stage and its revert for review, with what holds it, as they would run now. */
    public ChangePlan plan(ColumnChange change, boolean guarded) throws SQLException {
        return new Review(direct, database, plans).plan(change, guarded);
    }

    /**
     * Lays the scripts of the class path beside the plan, and says where they differ. It changes nothing.
     *
     * @param stages those that are still to come
     */
    public void review(ColumnChange change, boolean guarded, Collection<Stage> stages) throws SQLException {
        if (!scripts.anyFor(change, database)) {
            return;
        }
        for (Review.Planned planned : new Review(direct, database, plans).all(change, guarded)) {
            Act act = planned.act();
            if (act.apply() && stages.contains(act.around())) {
                try {
                    scripted(change, act, planned.steps());
                } catch (StageHeldException e) {
                    log.warn("Change {}: {} {}", change.id(), e.getMessage(), e.remedy());
                }
            }
        }
    }

    /** Where the scripts of a change differ from the plan, as last looked at, each in one line. */
    public List<String> drift(ColumnChange change) {
        return drift.getOrDefault(change.id(), Map.of()).entrySet().stream()
                .flatMap(script -> script.getValue().stream().map(line -> script.getKey() + ": " + line))
                .toList();
    }

    /**
     * Applies a stage.
     *
     * @param guarded whether the change has a guard
     * @param intent asked before every statement; for each stage and direction another one
     * @throws StageHeldException if the schema does not allow it, or if a lock was not to be had
     */
    public void apply(ColumnChange change, Stage stage, boolean guarded, Intent intent)
            throws SQLException, InterruptedException {
        StagePlan plan = plans.plan(change, stage, guarded);
        requireNotHeld(plan);
        run(change, Act.of(stage, true), plan.apply(), intent);
    }

    /**
     * Takes a stage back.
     *
     * @throws IllegalArgumentException for {@link Stage#CONTRACT}: what is dropped is gone
     * @throws StageHeldException if a lock was not to be had
     */
    public void revert(ColumnChange change, Stage stage, boolean guarded, Intent intent)
            throws SQLException, InterruptedException {
        if (stage == Stage.CONTRACT) {
            throw new IllegalArgumentException("The drop is final.");
        }
        run(change, Act.of(stage, false), plans.plan(change, stage, guarded).revert(), intent);
    }

    /**
     * Installs the triggers that keep a side from being left behind by those who write only the other one, on every table
     * of the change: filling it if the conversion can be said in SQL, else recording such writes.
     *
     * @throws StageHeldException if a guard of NEW could not tell there what was written, or if a lock was not to be had
     */
    public void guard(ColumnChange change, Side filled, Intent intent) throws SQLException, InterruptedException {
        if (filled == Side.NEW) {
            requireNotHeld(plans.plan(change, Stage.GUARD, true));
        }
        GuardMode mode = StagePlans.firstMode(change.sites().get(0));
        guard(change, filled == Side.NEW ? Act.of(Stage.GUARD, true) : Act.GUARD_BACK, filled, mode, intent);
    }

    /**
     * Installs these triggers in one mode, or switches them to it; there is no moment without them. Those that stand
     * stay. A switch is no barrier: writes that have met the other mode may still be uncommitted.
     *
     * @throws IllegalArgumentException if they shall fill a side by a conversion that exists only in Java, or the columns
     *     that a new one is computed from
     */
    public void guard(ColumnChange change, Side filled, GuardMode mode, Intent intent)
            throws SQLException, InterruptedException {
        guard(
                change,
                filled == Side.NEW ? Act.switched(mode == GuardMode.REFUSES) : Act.GUARD_BACK,
                filled,
                mode,
                intent);
    }

    private void guard(ColumnChange change, Act act, Side filled, GuardMode mode, Intent intent)
            throws SQLException, InterruptedException {
        boolean fills = mode == GuardMode.FILLS || mode == GuardMode.FILLS_INSERTS;
        if (fills && !change.isSql()) {
            throw new IllegalArgumentException("The conversion of change '" + change.id() + "' exists only in Java.");
        }
        if (filled == Side.OLD && !change.kind().convertsBack()) {
            throw new IllegalArgumentException(
                    "Nothing writes the columns that change '" + change.id() + "' takes its value from.");
        }
        run(change, act, plans.guard(change, filled, mode), intent);
    }

    /**
     * Hides the columns that go from those who do not name them, or shows them again. Both are instant.
     *
     * @throws StageHeldException if something keeps the columns from being dropped, or if a lock was not to be had
     */
    public void dryRun(ColumnChange change, boolean hide, boolean guarded, Intent intent)
            throws SQLException, InterruptedException {
        if (hide) {
            requireNotHeld(plans.plan(change, Stage.CONTRACT, guarded));
        }
        run(change, Act.dryRun(hide), plans.dryRun(change, hide), intent);
    }

    /**
     * Whether there is something to hide columns by. On PostgreSQL there is not: a privilege on a table is one on all of its
     * columns, and whoever lacks it on one may not say {@code SELECT *} at all, which the drop would not do to them.
     */
    public boolean hasDryRun(ColumnChange change) {
        return database == Database.MYSQL && change.kind() != Kind.INTRODUCE;
    }

    /** Removes the triggers, whatever their mode. */
    public void unguard(ColumnChange change, Side filled, Intent intent) throws SQLException, InterruptedException {
        steps.run(plans.unguard(change, filled), intent);
    }

    /** The sides that triggers keep from being left behind, in whatever mode, on every table, as the catalog has it now. */
    public Set<Side> guarded(ColumnChange change) throws SQLException {
        Set<Side> standing = EnumSet.noneOf(Side.class);
        for (Side side : Side.values()) {
            if (guardMode(change, side).isPresent()) {
                standing.add(side);
            }
        }
        return standing;
    }

    /**
     * What the triggers of a side do on every table at least, as the catalog has it now. In the middle of a switch both
     * kinds may stand, and then refusing is what a writer meets.
     */
    public Optional<GuardMode> guardMode(ColumnChange change, Side filled) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            Optional<GuardMode> weakest = Optional.empty();
            for (Site site : change.sites()) {
                Optional<GuardMode> mode = guardMode(connection, change, site, filled);
                if (mode.isEmpty()) {
                    return mode;
                }
                weakest = Optional.of(Collections.min(List.of(mode.get(), weakest.orElse(mode.get()))));
            }
            return weakest;
        }
    }

    private Optional<GuardMode> guardMode(Connection connection, ColumnChange change, Site site, Side filled)
            throws SQLException {
        for (GuardMode mode : List.of(GuardMode.REFUSES, GuardMode.RECORDS, GuardMode.FILLS, GuardMode.FILLS_INSERTS)) {
            if (dialect.guards().stands(connection, change, site, filled, mode)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** The tables that stages of the change take for themselves for a moment, and those that are locked with them. */
    public Set<TableName> taken(ColumnChange change) throws SQLException {
        Set<TableName> taken = new LinkedHashSet<>();
        try (Connection connection = direct.getConnection()) {
            for (Site site : change.sites()) {
                taken.add(site.table());
                taken.addAll(dialect.tables().lockedAlong(connection, site.table()));
            }
        }
        return taken;
    }

    private static void requireNotHeld(StagePlan plan) {
        List<Problem> holds = plan.holds();
        if (!holds.isEmpty()) {
            throw new StageHeldException(
                    "Stage " + plan.stage().id() + ": "
                            + holds.stream()
                                    .map(hold -> hold.value() + ": " + hold.message())
                                    .collect(Collectors.joining(" ")),
                    holds.stream().map(Problem::remedy).distinct().collect(Collectors.joining(" ")));
        }
    }

    private void run(ColumnChange change, Act act, List<Step> planned, Intent intent)
            throws SQLException, InterruptedException {
        if (pipeline != null) {
            await(pipeline, change, act, planned);
            return;
        }
        Optional<ScriptedSteps> script = scripted(change, act, planned);
        List<Step> all = script.map(ScriptedSteps::steps).orElse(planned);
        try {
            run(change, act, intent, all);
        } catch (SQLException e) {
            if (script.isEmpty()) {
                throw e;
            }
            throw new StageHeldException(
                    "Script " + Scripts.file(act, database) + " failed: " + e.getMessage(),
                    "Correct the script; it is run again from its beginning, so let each statement do no harm then.",
                    e);
        }
        List<String> missing = script.isPresent() ? proof.missing(change, act, planned) : List.of();
        if (!missing.isEmpty()) {
            throw new StageHeldException(
                    "Script " + Scripts.file(act, database) + " has run, and what comes next needs more: "
                            + String.join("; ", missing) + ".",
                    "Add to the script what it lacks (Segue.plan says how), and let it do no harm when it runs again.");
        }
    }

    private void run(ColumnChange change, Act act, Intent intent, List<Step> all)
            throws SQLException, InterruptedException {
        steps.run(all, intent);
        Stage stage = act.stage();
        if (stage != null && stage != Stage.GUARD) {
            history.record(change, stage.id() + (act.apply() ? " apply" : " revert"));
        }
    }

    private void await(Pipeline other, ColumnChange change, Act act, List<Step> planned) throws SQLException {
        List<String> missing = proof.missing(change, act, planned);
        if (!missing.isEmpty()) {
            List<Step> all =
                    scripted(change, act, planned).map(ScriptedSteps::steps).orElse(planned);
            List<Step> left = proof.left(all);
            throw other.awaited(direct, database, change, act, left.isEmpty() ? all : left, missing, patience);
        }
    }

    /** What a script of the class path does, laid beside the plan; nothing if there is none. */
    private Optional<ScriptedSteps> scripted(ColumnChange change, Act act, List<Step> planned) throws SQLException {
        Optional<Script> script = scripts.find(change, act, database);
        if (script.isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = direct.getConnection()) {
            ScriptedSteps steps =
                    ScriptedSteps.of(script.get(), planned, change, OwnSchema.of(connection, database, change));
            List<String> now = steps.drift();
            List<String> before = drift.computeIfAbsent(change.id(), id -> new ConcurrentHashMap<>())
                    .put(Scripts.file(act, database), now);
            if (!now.equals(before)) {
                log.info(
                        "Change {}: {} is what runs.", change.id(), script.get().where());
                now.forEach(line -> log.warn(
                        "Change {}: {} differs from the plan: {}",
                        change.id(),
                        script.get().where(),
                        line));
            }
            if (!steps.lackingGuard().isEmpty()) {
                throw new StageHeldException(
                        "Script " + script.get().where() + " lacks the guard as it is now: " + String.join("; ", now)
                                + ".",
                        "Write the script anew: the guard is what keeps the two sides of a row together.");
            }
            return Optional.of(steps);
        }
    }
}

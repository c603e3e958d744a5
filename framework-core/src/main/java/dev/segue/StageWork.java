package dev.segue;

import dev.segue.SegueListener.Span;
import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.Registry;
import dev.segue.fleet.StageIntents;
import dev.segue.fleet.WorkLock;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.ChangePlan;
import dev.segue.schema.GuardMode;
import dev.segue.schema.Intent;
import dev.segue.schema.Pipeline;
import dev.segue.schema.Scripts;
import dev.segue.schema.StageRunner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage as the protocol wants it: record the intent under the change's lock, run the statements while the intent
 * stands, record the end.
 */
final class StageWork {

    private static final Logger log = LoggerFactory.getLogger(StageWork.class);

    private final SegueSettings settings;
    private final DataSource direct;
    private final Database database;
    private final StageIntents intents;
    private final StageRunner runner;
    private final Brace brace;
    private final Listeners listeners;

    /** @param owner connections of the user that changes the schema */
    StageWork(
            SegueSettings settings,
            DataSource direct,
            DataSource owner,
            Database database,
            Registry registry,
            Listeners listeners) {
        this.settings = settings;
        this.direct = direct;
        this.database = database;
        this.intents = new StageIntents(registry);
        SegueSettings.SchemaWork schema = settings.schema();
        this.runner = new StageRunner(
                owner,
                database,
                settings.lockPatience(),
                Scripts.ofThread(),
                schema.external() ? new Pipeline(schema.scripts(), WorkLock::name) : null);
        this.brace = new Brace(direct, database, registry);
        this.listeners = listeners;
    }

    Set<TableName> takenTables(ColumnChange change) throws SQLException {
        return runner.taken(change);
    }

    ChangePlan plan(ColumnChange change) throws SQLException {
        return runner.plan(change, settings.change(change.id()).guarded());
    }

    /** @param pending the stages that are still to come */
    void review(ColumnChange change, List<Stage> pending) throws SQLException {
        runner.review(change, settings.change(change.id()).guarded(), pending);
    }

    /** Whether the drop has a dry run here. */
    boolean hasDryRun(ColumnChange change) {
        return runner.hasDryRun(change);
    }

    List<String> drift(ColumnChange change) {
        return runner.drift(change);
    }

    /**
     * Does nothing if another node is at it, or if the rule does not allow it any more.
     *
     * @return false if another node is at it
     */
    boolean run(ColumnChange change, Work work) throws SQLException, InterruptedException {
        Optional<WorkLock> lock = WorkLock.tryAcquire(direct, database, change.id());
        if (lock.isEmpty()) {
            return false;
        }
        Span span = listeners.begins(SegueListener.Work.STAGE, change.id(), name(work));
        Throwable failure = null;
        try (WorkLock mine = lock.get()) {
            log.debug("Change {}: {} under {}", change.id(), work, mine);
            if (work instanceof Work.Apply apply) {
                run(change, apply.stage(), true);
            } else if (work instanceof Work.Revert revert) {
                run(change, revert.stage(), false);
            } else if (work instanceof Work.SwitchGuard guard) {
                switchGuard(change, guard.refuses());
            } else if (work instanceof Work.DryRun dryRun) {
                dryRun(change, dryRun.hides());
            } else {
                guardBack(change);
            }
        } catch (SQLException | InterruptedException | RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            span.ended(failure);
        }
        return true;
    }

    /** One of a few names, whatever the change is. */
    private static String name(Work work) {
        if (work instanceof Work.Apply apply) {
            return apply.stage().id();
        }
        if (work instanceof Work.Revert revert) {
            return "revert-" + revert.stage().id();
        }
        if (work instanceof Work.SwitchGuard guard) {
            return guard.refuses() ? "guard-refuses" : "guard-records";
        }
        return work instanceof Work.DryRun ? "dry-run" : "guard-back";
    }

    private void run(ColumnChange change, Stage stage, boolean apply) throws SQLException, InterruptedException {
        Progress underWay = apply ? Progress.APPLYING : Progress.REVERTING;
        OptionalLong begun = intents.begin(change.id(), stage, apply);
        if (begun.isEmpty()) {
            return;
        }
        boolean guarded = settings.change(change.id()).guarded();
        Intent intent = connection -> requireProgress(connection, change.id(), stage, underWay);
        around(change, () -> {
            if (stage == Stage.GUARD && apply) {
                runner.guard(change, Side.NEW, intent);
            } else if (apply) {
                runner.apply(change, stage, guarded, intent);
            } else {
                runner.revert(change, stage, guarded, intent);
            }
        });
        intents.end(change.id(), stage, apply, begun.getAsLong());
    }

    /** When a pipeline runs the statements nobody knows, and to be braced all the while would slow every write. */
    private void around(ColumnChange change, Brace.Work work) throws SQLException, InterruptedException {
        if (settings.schema().external()) {
            work.run();
        } else {
            brace.around(change, work);
        }
    }

    private void switchGuard(ColumnChange change, boolean refuses) throws SQLException, InterruptedException {
        OptionalLong begun = intents.beginSwitch(change.id(), refuses);
        if (begun.isEmpty()) {
            return;
        }
        Progress underWay = refuses ? Progress.APPLYING : Progress.REVERTING;
        Intent intent = connection -> require(connection, change.id(), "guard_refusal", underWay);
        around(change, () -> runner.guard(change, Side.NEW, refuses ? GuardMode.REFUSES : GuardMode.RECORDS, intent));
        intents.endSwitch(change.id(), refuses, begun.getAsLong());
        log.info(
                "Change {}: the guard {} writes of the old columns alone",
                change.id(),
                refuses ? "refuses" : "records");
    }

    private void dryRun(ColumnChange change, boolean hide) throws SQLException, InterruptedException {
        OptionalLong begun = intents.beginDryRun(change.id(), hide);
        if (begun.isEmpty()) {
            return;
        }
        Intent intent = connection -> {
            require(connection, change.id(), "dry_run", hide ? Progress.APPLYING : Progress.REVERTING);
            requireProgress(connection, change.id(), Stage.CONTRACT, Progress.PENDING);
        };
        boolean guarded = settings.change(change.id()).guarded();
        around(change, () -> runner.dryRun(change, hide, guarded, intent));
        intents.endDryRun(change.id(), hide, begun.getAsLong());
        log.info(
                "Change {}: the old columns are {}",
                change.id(),
                hide ? "hidden for a dry run of the drop" : "visible again");
    }

    private void guardBack(ColumnChange change) throws SQLException, InterruptedException {
        OptionalLong begun = intents.beginBack(change.id());
        if (begun.isEmpty()) {
            return;
        }
        Intent intent = connection -> {
            requireProgress(connection, change.id(), Stage.GUARD, Progress.DONE);
            requireProgress(connection, change.id(), Stage.CONTRACT, Progress.PENDING);
        };
        around(change, () -> runner.guard(change, Side.OLD, intent));
        intents.guardedBack(change.id(), begun.getAsLong());
        log.info("Change {}: the guard keeps the old columns current", change.id());
    }

    private static void requireProgress(Connection connection, String change, Stage stage, Progress expected)
            throws SQLException {
        require(connection, change, "stage_" + stage.name().toLowerCase(Locale.ROOT), expected);
    }

    private static void require(Connection connection, String change, String column, Progress expected)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + column + " FROM segue_change WHERE id = ? FOR SHARE")) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || !row.getString(1).equals(expected.id())) {
                    throw new SQLException(
                            "The intent for " + column + " of change '" + change + "' no longer stands.");
                }
            }
        }
    }
}

package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.Registry;
import dev.segue.fleet.WorkLock;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.Intent;
import dev.segue.schema.StageRunner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
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
    private final Registry registry;
    private final StageRunner runner;
    private final Brace brace;

    StageWork(SegueSettings settings, DataSource direct, Database database, Registry registry, StageRunner runner) {
        this.settings = settings;
        this.direct = direct;
        this.database = database;
        this.registry = registry;
        this.runner = runner;
        this.brace = new Brace(direct, database, registry);
    }

    Set<TableName> takenTables(ColumnChange change) throws SQLException {
        return runner.taken(change);
    }

    /** Does nothing if another node is at it, or if the rule does not allow it any more. */
    void run(ColumnChange change, Work work) throws SQLException, InterruptedException {
        Optional<WorkLock> lock = WorkLock.tryAcquire(direct, database, change.id());
        if (lock.isEmpty()) {
            return;
        }
        try (WorkLock mine = lock.get()) {
            log.debug("Change {}: {} under {}", change.id(), work, mine);
            if (work instanceof Work.Apply apply) {
                run(change, apply.stage(), true);
            } else if (work instanceof Work.Revert revert) {
                run(change, revert.stage(), false);
            } else {
                guardBack(change);
            }
        }
    }

    private void run(ColumnChange change, Stage stage, boolean apply) throws SQLException, InterruptedException {
        Progress underWay = apply ? Progress.APPLYING : Progress.REVERTING;
        if (!intend(change, stage, apply, underWay)) {
            return;
        }
        log.info("Change {}: {} {}", change.id(), apply ? "applying" : "reverting", stage);
        boolean guarded = settings.change(change.id()).guarded();
        Intent intent = connection -> requireProgress(connection, change.id(), stage, underWay);
        brace.around(change, () -> {
            if (stage == Stage.GUARD && apply) {
                runner.guard(change, Side.NEW, intent);
            } else if (stage == Stage.GUARD) {
                runner.unguard(change, Side.NEW, intent);
                runner.unguard(change, Side.OLD, intent);
            } else if (apply) {
                runner.apply(change, stage, guarded, intent);
            } else {
                runner.revert(change, stage, guarded, intent);
            }
        });
        record(change, stage, underWay, apply ? Progress.DONE : Progress.PENDING);
    }

    /** Records the intent, or finds it recorded by somebody who did not finish. */
    private boolean intend(ColumnChange change, Stage stage, boolean apply, Progress underWay) throws SQLException {
        return registry.underLock(change.id(), locked -> {
            Situation s = locked.situation();
            Progress now = s.stages().of(stage);
            if (now == underWay) {
                return true;
            }
            boolean begins = now == (apply ? Progress.PENDING : Progress.DONE)
                    && (apply ? Rule.apply(s, stage) : Rule.revert(s, stage)).isEmpty();
            if (begins) {
                Situation next = s.stage(stage, underWay);
                if (stage == Stage.GUARD && !apply) {
                    // From here on nobody counts on a trigger that is about to go.
                    next = next.guarded(Side.NEW, false).guarded(Side.OLD, false);
                }
                locked.save(next);
                locked.journal("stage " + stage.id(), now.id(), underWay.id(), null);
            }
            return begins;
        });
    }

    private void record(ColumnChange change, Stage stage, Progress underWay, Progress end) throws SQLException {
        registry.underLock(change.id(), locked -> {
            Situation s = locked.situation();
            if (s.stages().of(stage) == underWay) {
                Situation next = s.stage(stage, end);
                if (stage == Stage.GUARD && end == Progress.DONE) {
                    next = next.guarded(Side.NEW, true);
                }
                locked.save(next);
                locked.journal("stage " + stage.id(), underWay.id(), end.id(), null);
            }
            return s;
        });
        log.info("Change {}: {} is {}", change.id(), stage, end.id());
    }

    private void guardBack(ColumnChange change) throws SQLException, InterruptedException {
        Intent intent = connection -> {
            requireProgress(connection, change.id(), Stage.GUARD, Progress.DONE);
            requireProgress(connection, change.id(), Stage.CONTRACT, Progress.PENDING);
        };
        brace.around(change, () -> runner.guard(change, Side.OLD, intent));
        registry.underLock(change.id(), locked -> {
            Situation s = locked.situation();
            if (s.stages().done(Stage.GUARD) && s.stages().pending(Stage.CONTRACT)) {
                locked.save(s.guarded(Side.OLD, true));
                locked.journal("guard", null, "new-to-old", "the way back stays open from new-only");
            }
            return s;
        });
        log.info("Change {}: the guard keeps the old columns current", change.id());
    }

    private static void requireProgress(Connection connection, String change, Stage stage, Progress expected)
            throws SQLException {
        String column = "stage_" + stage.name().toLowerCase(Locale.ROOT);
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + column + " FROM segue_change WHERE id = ? FOR SHARE")) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || !row.getString(1).equals(expected.id())) {
                    throw new SQLException("The intent for " + stage + " of change '" + change + "' no longer stands.");
                }
            }
        }
    }
}

package dev.segue;

import dev.segue.backfill.Outcome;
import dev.segue.backfill.Pace;
import dev.segue.backfill.Passes;
import dev.segue.backfill.Progress;
import dev.segue.backfill.Throttle;
import dev.segue.backfill.Tuning;
import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.GuardReports;
import dev.segue.fleet.LockedRow;
import dev.segue.fleet.Registry;
import dev.segue.fleet.Seals;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.Barrier;
import dev.segue.schema.ChangePlan;
import dev.segue.schema.StageHeldException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work that changes need, beside the conductor: one piece at a time for each change. What fails is said and
 * offered again in a later round, after a pause that grows.
 */
final class Workshop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Workshop.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

    /** When a change may be worked on again after a failure, and how long the next pause will be. */
    private record Pause(long until, long next) {}

    private final SegueSettings settings;
    private final Throttle throttle;
    private final Seals<LockedRow> seals;
    private final Passes passes;
    private final Barrier barrier;
    private final StageWork stages;
    private final GuardReports reports;
    private final CaughtWrites caught = new CaughtWrites();
    private final Errands errands = new Errands("segue-work");
    private final Map<String, Optional<Work>> due = new ConcurrentHashMap<>();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Map<String, Held> waiting = new ConcurrentHashMap<>();
    private final Map<String, PassStatus> statuses = new ConcurrentHashMap<>();

    /**
     * @param direct connections for the work on the rows
     * @param owner connections of the user that changes the schema
     */
    Workshop(
            SegueSettings settings,
            DataSource direct,
            DataSource owner,
            Database database,
            Registry registry,
            Throttle throttle,
            Listeners listeners) {
        this.settings = settings;
        this.throttle = throttle;
        this.seals = new Seals<>(registry);
        this.passes = new Passes(
                direct,
                database,
                registry,
                settings.identity().node(),
                settings.lease(),
                settings.spareWorkers(),
                (change, side) -> listeners.begins(
                        SegueListener.Work.BATCH, change, side.name().toLowerCase(Locale.ROOT))::ended);
        this.barrier = new Barrier(owner, database);
        this.stages = new StageWork(settings, direct, owner, database, registry, listeners);
        this.reports = new GuardReports(registry);
    }

    /**
     * Hears what a change needs next, whether or not it may begin. A pass may take days, and holds the place of all other
     * work on its change: one that is not what is needed any more, because the change is told to go back, ends after
     * its batch.
     */
    void due(ColumnChange change, Optional<Work> work) {
        due.put(change.id(), work);
    }

    /** Takes a piece of work, unless one for the change is under way. */
    void offer(ColumnChange change, Work work) {
        take(change, () -> attempt(change, work));
    }

    /** Converts the rows that a guard in Java form has recorded, so that the queue stays short while there is no pass. */
    void drain(ColumnChange change) {
        take(change, () -> {
            try {
                passes.drain(change, errands::isOpen);
            } catch (SQLException | RuntimeException e) {
                if (errands.isOpen()) {
                    log.warn("Change {}: rows that the guard has recorded wait to be converted", change.id(), e);
                }
            }
        });
    }

    private void take(ColumnChange change, Runnable task) {
        Pause pause = pauses.get(change.id());
        boolean pausing = pause != null && System.nanoTime() - pause.until() < 0;
        if (!pausing) {
            errands.take(change.id(), task);
        }
    }

    private void attempt(ColumnChange change, Work work) {
        String id = change.id();
        try {
            if (work instanceof Work.Seal seal) {
                seal(change, seal);
            } else {
                stages.run(change, work);
            }
            held.remove(id);
            pauses.remove(id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StageHeldException e) {
            pause(id, new Held.Lacks(name(work), String.valueOf(e.getMessage()), e.remedy()));
            if (e.isAwaited()) {
                pauses.put(id, new Pause(System.nanoTime() + FIRST_PAUSE_NANOS, FIRST_PAUSE_NANOS));
            }
        } catch (SQLException | RuntimeException e) {
            if (errands.isOpen()) {
                log.warn("Change {}: {} failed and will be tried again", id, name(work), e);
                pause(
                        id,
                        new Held.Lacks(
                                name(work),
                                String.valueOf(e.getMessage()),
                                "see the log of this node; it is tried again"));
            }
        } finally {
            waiting.remove(id);
        }
    }

    private void pause(String id, Held why) {
        if (!why.equals(held.put(id, why))) {
            log.info("Change {} waits: {}", id, why.message());
        }
        Pause before = pauses.get(id);
        long pause = before == null ? FIRST_PAUSE_NANOS : before.next();
        pauses.put(id, new Pause(System.nanoTime() + pause, Math.min(LONGEST_PAUSE_NANOS, pause * 2)));
    }

    private static String name(Work work) {
        if (work instanceof Work.Apply apply) {
            return apply.stage().name();
        }
        if (work instanceof Work.Revert revert) {
            return "reverting " + revert.stage();
        }
        if (work instanceof Work.SwitchGuard guard) {
            return guard.refuses() ? "refusing one-sided writes" : "recording one-sided writes again";
        }
        if (work instanceof Work.DryRun dryRun) {
            return dryRun.hides() ? "the dry run of CONTRACT" : "ending the dry run of CONTRACT";
        }
        return work instanceof Work.Seal seal ? "seal(" + seal.side() + ")" : "the guard from NEW to OLD";
    }

    /**
     * Proves a side: note the epoch, wait for the transactions that have written before, go over every row, and record
     * the verdict if the epoch is still the noted one.
     */
    private void seal(ColumnChange change, Work.Seal work) throws SQLException, InterruptedException {
        String id = change.id();
        Side side = work.side();
        BooleanSupplier goOn = () -> errands.isOpen() && Optional.of(work).equals(due.get(id));
        ChangeSettings wanted = settings.change(id);
        Optional<Situation> begun = seals.begin(id, side);
        if (begun.isEmpty()) {
            return;
        }
        Situation noted = begun.get();
        long epoch = noted.epoch();
        if (passes.progress(change, side, epoch).isEmpty()) {
            boolean passed = barrier.await(
                    change,
                    !noted.guard().expectsUnregisteredWriters(),
                    BETWEEN_LOOKS,
                    goOn,
                    what -> waiting.put(
                            id, new Held.Lacks("seal(" + side + ")", what, "wait until they have ended, or end them")));
            waiting.remove(id);
            if (!passed || !passes.open(change, side, epoch)) {
                return;
            }
        }
        Pace pace = wanted.pace().withThrottle(throttle);
        boolean complete = passes.work(change, side, epoch, pace, goOn) == Outcome.FINISHED_ALL;
        passes.progress(change, side, epoch).ifPresent(progress -> statuses.put(id, status(progress)));
        if (complete) {
            seals.verdict(id, side, epoch, row -> passes.isComplete(row.connection(), change, side, epoch));
        }
    }

    private static PassStatus status(Progress progress) {
        return new PassStatus(
                progress.finished() ? "done" : "running",
                progress.side(),
                progress.rowsDone(),
                progress.rowsTotal(),
                progress.rowsPerSecond(),
                progress.timeLeft(),
                progress.quarantined(),
                progress.dirty(),
                progress.waitingFor(),
                progress.speed(),
                progress.rangesOpen() + progress.rangesDone(),
                progress.ranges());
    }

    /** Looks how far the pass of a change is, whoever works on it. */
    void look(ColumnChange change, Situation s) throws SQLException {
        boolean possible = s.stages().done(Stage.EXPAND) && s.stages().pending(Stage.CONTRACT);
        if (!possible
                || (s.sealedOld() && s.sealedNew() && pass(change.id()).state().equals("done"))) {
            return;
        }
        for (Side side : Side.values()) {
            Optional<Progress> progress = passes.progress(change, side, s.epoch());
            if (progress.isPresent()) {
                statuses.put(change.id(), status(progress.get()));
            }
        }
    }

    /** Changes the pace of the work on the rows of a change, on all nodes. */
    void retune(String change, Tuning tuning, String operator) throws SQLException {
        passes.tune(change, tuning, operator);
    }

    /** The tables that stages of a change take for themselves. */
    Set<TableName> takenTables(ColumnChange change) throws SQLException {
        return stages.takenTables(change);
    }

    /** Whether the drop has a dry run on this database. */
    boolean hasDryRun(ColumnChange change) {
        return stages.hasDryRun(change);
    }

    /** The SQL of all stages of a change. */
    ChangePlan plan(ColumnChange change) throws SQLException {
        return stages.plan(change);
    }

    /** Lays the scripts for the stages that are to come beside their plans. */
    void review(ColumnChange change, Situation s) throws SQLException {
        if (s.stages().pending(Stage.CONTRACT)) {
            stages.review(
                    change,
                    Arrays.stream(Stage.values())
                            .filter(stage -> s.stages().pending(stage))
                            .toList());
        }
    }

    /** Where scripts of a change differ from their plans. */
    List<String> drift(ColumnChange change) {
        return stages.drift(change);
    }

    /** How far the backfill of a change is, as last looked at. */
    PassStatus pass(String id) {
        return statuses.getOrDefault(id, new PassStatus("none", null, 0, 0, 0, null, 0, 0, null, 1, 0, List.of()));
    }

    /** What keeps the work on a change from going on. */
    List<Held> held(String id) {
        List<Held> all = new ArrayList<>();
        Optional.ofNullable(held.get(id)).ifPresent(all::add);
        Optional.ofNullable(waiting.get(id)).ifPresent(all::add);
        return all;
    }

    /** Counts what the guard has caught, and says so. */
    void countHits(ColumnChange change) throws SQLException {
        String id = change.id();
        reports.collect(id).forEach((writer, writes) -> caught.caught(id, writer, writes, change.isSql()));
    }

    /**
     * Adds the new columns at once, for a change that is asked to begin: with {@code segue.unmet=fail} a first deploy
     * would otherwise never start.
     */
    void expandNow(ColumnChange change) throws SQLException {
        try {
            // Another first node may be at it: then this one starts when that is done.
            boolean said = false;
            while (!stages.run(change, new Work.Apply(Stage.EXPAND))) {
                if (!said) {
                    log.info("Change {}: another node adds the new columns; this one starts after that.", change.id());
                    said = true;
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        errands.close();
    }
}

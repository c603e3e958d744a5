package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.LockedRow;
import dev.segue.lifecycle.Side;
import dev.segue.schema.Barrier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over the tables of a change: each repairs every row where the new columns do not hold what the old ones
 * convert to, so that a side can be sealed.
 *
 * <ol>
 *   <li>{@link #open}, after the barrier, cuts the tables into ranges of keys.
 *   <li>{@link #work}, on any number of threads and nodes, claims one range after the other and walks it by key, a
 *       batch in a transaction. The cursor is committed with its batch, so that a killed worker loses at most one. A
 *       batch waits for nobody: rows that are locked are left to a range of their own, which is tried later.
 *   <li>Without a guard, which would record a row that jumps over the cursor by a new key, the tables are looked at once
 *       more as a whole ({@link LastLook}).
 *   <li>{@link #isComplete}, under the change's lock: every range is done, so no row was skipped; and no row waits to be
 *       converted, because the guard has recorded it or because it did not convert.
 * </ol>
 *
 * <p>A pass belongs to one epoch. Whoever raises it makes the ranges void under their locks, and every batch holds the
 * lock of its range; so nothing is repaired after the truth has moved.
 *
 * <p>A repair sets the columns of the one side and no others: no version, and no timestamp that the database would move
 * by itself.
 *
 * <p>Thread-safe.
 */
public final class Passes {

    private static final Logger log = LoggerFactory.getLogger(Passes.class);

    private final DataSource direct;
    private final Database database;
    private final ChangeStore<LockedRow> store;
    private final Claims claims;
    private final Ranges ranges;
    private final PassLog passLog = new PassLog(System::nanoTime);
    private final Dirty dirty;
    private final Drain drain;
    private final LastLook lastLook;
    private final BatchWatch watch;
    private final SpareWorkers spare;

    /** Passes that nobody watches, of a node that takes as many workers as it is told to. */
    public Passes(DataSource direct, Database database, ChangeStore<LockedRow> store, String node, Duration claimFor) {
        this(direct, database, store, node, claimFor, BatchWatch.NONE);
    }

    Passes(
            DataSource direct,
            Database database,
            ChangeStore<LockedRow> store,
            String node,
            Duration claimFor,
            BatchWatch watch) {
        this(direct, database, store, node, claimFor, Pace.MOST_WORKERS, watch);
    }

    /**
     * @param direct connections outside the application's pool
     * @param node under which this node claims ranges
     * @param claimFor after how much silence another worker takes over; each batch renews it
     * @param spare how many workers this node may have, over all its changes, beside those that are configured; each
     *     needs a connection of its own
     * @param watch looks on at every batch
     */
    public Passes(
            DataSource direct,
            Database database,
            ChangeStore<LockedRow> store,
            String node,
            Duration claimFor,
            int spare,
            BatchWatch watch) {
        this.watch = watch;
        this.spare = new SpareWorkers(spare);
        this.direct = direct;
        this.database = database;
        this.store = store;
        this.claims = new Claims(database, node, claimFor);
        this.ranges = new Ranges(database);
        this.dirty = new Dirty(database);
        this.drain = new Drain(database);
        this.lastLook = new LastLook(direct, database, ranges, dirty);
    }

    /** What keeps the tables of a change from being walked, to be told before anything is changed. */
    public static List<Problem> problems(ColumnChange change, Database database) {
        List<Problem> problems = new ArrayList<>();
        for (Site site : change.sites()) {
            for (Column column : site.key()) {
                KeyColumn.refusal(database, column)
                        .ifPresent(why -> problems.add(new Problem(
                                "segue.changes." + change.id(),
                                site.table() + "." + column.name(),
                                why,
                                "Give the table a key of another type before its columns are replaced.")));
            }
            if (database == Database.MYSQL) {
                inTwoZones(change, site).ifPresent(problems::add);
            }
        }
        return problems;
    }

    /** A pass says moments of a key in UTC, and its values would be what the application says in its own zone. */
    private static Optional<Problem> inTwoZones(ColumnChange change, Site site) {
        boolean zoned = site.key().stream().anyMatch(Passes::isMoment);
        return Stream.concat(site.oldColumns().stream(), site.newColumns().stream())
                .filter(column -> zoned && isMoment(column))
                .findFirst()
                .map(column -> new Problem(
                        "segue.changes." + change.id(),
                        site.table() + "." + column.name(),
                        "A TIMESTAMP is another time in each time zone, and the table has one in its key: a pass that walks"
                                + " by it works in UTC, and would convert other times than the application.",
                        "Give the table a key without a TIMESTAMP before the column is replaced."));
    }

    private static boolean isMoment(Column column) {
        return column.type().toLowerCase(Locale.ROOT).startsWith("timestamp");
    }

    /**
     * Opens a pass, unless it is there already, under way or done.
     *
     * <p>To be called after the barrier. The ranges go up to the highest key that there is then: whatever is inserted
     * since the barrier is inserted by somebody who writes both sides, so nothing above needs a repair.
     *
     * @param side the side to bring up to date
     * @param epoch as noted before the barrier
     * @return false if the epoch is another one by now: note it again and wait at the barrier again
     * @throws IllegalArgumentException if a table has a key by which it cannot be walked
     */
    public boolean open(ColumnChange change, Side side, long epoch) throws SQLException {
        PassId pass = new PassId(change.id(), side, epoch);
        List<Survey> surveys = new ArrayList<>();
        try (Session session = Session.open(direct, database, Worker.SHORTEST_TIMEOUT)) {
            // A pass that is there is not surveyed again.
            if (ranges.states(session.connection(), pass).isNone()) {
                for (Site site : change.sites()) {
                    surveys.add(survey(session, site));
                }
            }
        }
        return store.underLock(change.id(), locked -> {
            Connection connection = locked.connection();
            if (locked.situation().epoch() != epoch) {
                return false;
            }
            if (!ranges.states(connection, pass).isNone()) {
                return true;
            }
            for (Survey survey : surveys) {
                add(connection, pass, survey);
                if (!locked.situation().guard().expectsUnregisteredWriters()) {
                    ranges.addLook(connection, pass, survey.site());
                }
            }
            long rows = surveys.stream().mapToLong(Survey::rows).sum();
            locked.journal("pass", null, side.name(), "epoch " + epoch + ", about " + rows + " rows");
            log.info("Change {}: a pass over {} begins in epoch {}, about {} rows.", change.id(), side, epoch, rows);
            return true;
        });
    }

    /**
     * Works at a pass until there is nothing left to claim.
     *
     * <p>Errors that the database asks to retry are retried with smaller batches. After any other error the batch is
     * rolled back and its range is free for others.
     *
     * @param goOn asked between batches; when it says no, the range is given back
     */
    public Outcome work(ColumnChange change, Side side, long epoch, Pace pace, BooleanSupplier goOn)
            throws SQLException {
        PassId pass = new PassId(change.id(), side, epoch);
        Steering steering;
        Ranges.States states;
        try (Connection connection = direct.getConnection()) {
            steering = Steering.read(connection, change.id());
            states = ranges.states(connection, pass);
        }
        if (steering.pausedBy() != null) {
            return Outcome.STOPPED;
        }
        drain(change, goOn);
        Pace tuned = steering.tuning().of(pace);
        int wanted = states.isWorthSharing() ? tuned.workers() : 1;
        Outcome outcome;
        try (SpareWorkers.Loan more = spare.lend(change.id(), wanted - pace.workers())) {
            outcome = Crew.work(
                    Math.min(wanted, pace.workers()) + more.workers(),
                    walking -> turn(change, pass, pace, tuned, goOn, walking));
        }
        if (outcome == Outcome.NOTHING_TO_CLAIM && !tuned.throttle().ask().stops()) {
            outcome = lastLook(change, pass);
        }
        return outcome == Outcome.FINISHED_ALL && drain(change, goOn) > 0 ? Outcome.NOTHING_TO_CLAIM : outcome;
    }

    private Outcome turn(
            ColumnChange change, PassId pass, Pace pace, Pace tuned, BooleanSupplier goOn, AtomicInteger walking)
            throws SQLException {
        try (Session session = Session.open(direct, database, Worker.timeout(tuned))) {
            return new Worker(database, session, pass, pace, tuned, goOn, claims, ranges, passLog, walking, watch)
                    .run(change);
        }
    }

    private Outcome lastLook(ColumnChange change, PassId pass) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            // What has been found to disagree, or does not convert, would be found again.
            if (!ranges.states(connection, pass).onlyLooksAreLeft()
                    || !dirty.backlog(connection, pass.change()).isEmpty()) {
                return Outcome.NOTHING_TO_CLAIM;
            }
        }
        lastLook.look(change, pass);
        try (Connection connection = direct.getConnection()) {
            return ranges.states(connection, pass).isComplete() ? Outcome.FINISHED_ALL : Outcome.NOTHING_TO_CLAIM;
        }
    }

    /**
     * Changes the pace of the work on the rows of a change, on all nodes, within a second or a batch.
     *
     * @param operator who says so
     */
    public void tune(String change, Tuning tuning, String operator) throws SQLException {
        store.underLock(change, locked -> {
            Steering.tune(locked.connection(), change, tuning);
            locked.journal("tune", null, null, tuning + ", by " + operator);
            return tuning;
        });
    }

    /**
     * Converts the rows that the guard has recorded, and tries those again that did not convert before. A pass does it
     * by itself; without one it keeps the queue short. Rows that others have locked are left for later, and all of them while
     * an operator has paused the work on the change.
     *
     * @param goOn asked between the transactions of a few hundred rows
     * @return how many rows still wait; some of them must not be tried again yet
     */
    public long drain(ColumnChange change, BooleanSupplier goOn) throws SQLException {
        Dirty.Backlog backlog = backlog(change);
        if (backlog.isEmpty()) {
            return 0;
        }
        boolean more = true;
        while (more && goOn.getAsBoolean() && !isPaused(change)) {
            more = store.underLock(change.id(), locked -> drain.run(locked, change)) == Drain.AT_ONCE;
        }
        backlog = backlog(change);
        return backlog.recorded() + backlog.putAside();
    }

    private boolean isPaused(ColumnChange change) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            return Steering.read(connection, change.id()).pausedBy() != null;
        }
    }

    private Dirty.Backlog backlog(ColumnChange change) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            return dirty.backlog(connection, change.id());
        }
    }

    /**
     * Works with batches of that time.
     *
     * @return whether the pass is complete: every row seen, none left over
     */
    public boolean work(ColumnChange change, Side side, long epoch, Duration target, BooleanSupplier goOn)
            throws SQLException {
        return work(change, side, epoch, Pace.DEFAULT.withTargetBatchTime(target), goOn) == Outcome.FINISHED_ALL;
    }

    /** How far the pass is, by whomever; nothing if it has not been opened or is void. */
    public Optional<Progress> progress(ColumnChange change, Side side, long epoch) throws SQLException {
        PassId pass = new PassId(change.id(), side, epoch);
        Progress progress;
        try (Connection connection = direct.getConnection()) {
            if (ranges.states(connection, pass).isVoid()) {
                return Optional.empty();
            }
            Progress ofRanges = ranges.progress(connection, pass);
            progress = ofRanges.with(
                    dirty.backlog(connection, change.id()),
                    Steering.read(connection, change.id()).pausedBy(),
                    ofRanges.rangesOpen() == 0 ? List.of() : claims.busyWithout(connection, pass));
        }
        return Optional.of(
                progress.waitsForLocks() ? progress.lockedBy(new Barrier(direct, database).lockers(change)) : progress);
    }

    /**
     * Whether every row of every table has been looked at in this pass, none was left and none waits to be converted. To be
     * asked under the
     * change's lock, on its connection, together with whether the epoch still is the noted one.
     */
    public boolean isComplete(Connection connection, ColumnChange change, Side side, long epoch) throws SQLException {
        return ranges.states(connection, new PassId(change.id(), side, epoch)).isComplete()
                && dirty.backlog(connection, change.id()).isEmpty();
    }

    /**
     * Forgets what is left of passes of earlier epochs.
     *
     * @param epoch that of the change now
     * @return how many ranges
     */
    public int discard(String change, long epoch) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            return ranges.discard(connection, change, epoch);
        }
    }

    /** A table as it was when the pass began; without windows if it was empty. */
    private record Survey(String site, List<Window> windows, long rows) {}

    private Survey survey(Session session, Site site) throws SQLException {
        Connection connection = session.connection();
        SiteSql sql = new SiteSql(database, site);
        if (sql.key().isZoned()) {
            session.inUtc();
        }
        String name = site.table().toString();
        Optional<Key> lowest = sql.lowest(connection);
        Optional<Key> highest = sql.highest(connection);
        if (lowest.isEmpty() || highest.isEmpty()) {
            return new Survey(name, List.of(), 0);
        }
        long rows = sql.estimatedRows(connection);
        return new Survey(name, Cut.windows(sql.key(), lowest.get(), highest.get(), rows), rows);
    }

    private void add(Connection connection, PassId pass, Survey survey) throws SQLException {
        if (survey.windows().isEmpty()) {
            ranges.addEmpty(connection, pass, survey.site());
        }
        for (Window window : survey.windows()) {
            ranges.add(
                    connection,
                    pass,
                    survey.site(),
                    window,
                    survey.rows() / survey.windows().size());
        }
    }
}

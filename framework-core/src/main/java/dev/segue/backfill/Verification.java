package dev.segue.backfill;

import dev.segue.backfill.VerificationStatus.State;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.LockedRow;
import dev.segue.fleet.WorkLock;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the two sides of every row of a change while both are sealed, and changes no row.
 *
 * <ol>
 *   <li>Note the epoch. There is nothing to compare unless both sides are sealed.
 *   <li>Walk the tables by key, a window in a transaction, without row locks and at a pace ({@link Comparison}).
 *   <li>What differs is judged at once, under the change's lock and only if the epoch is still the noted one: a side that
 *       nobody reads loses its seal, and the comparison is over. If both are read, or neither may lose it, the rows are
 *       listed and the operator is told; {@link VerificationStatus#held} says that nothing should move.
 *   <li>At the end it counts if the epoch is still the noted one.
 * </ol>
 *
 * <p>Nothing is repaired but by command ({@link #repair}). One node at a time compares a change; if it is killed, the next
 * goes on where it was. Rows that come above the highest key of the beginning, or that get a key which has been passed,
 * are left to the next comparison.
 *
 * <p>Thread-safe.
 */
public final class Verification {

    private static final Logger log = LoggerFactory.getLogger(Verification.class);

    private static final Duration STATEMENT = Duration.ofSeconds(10);
    private static final long WRITE_EVERY = Duration.ofSeconds(1).toNanos();
    private static final Duration LOCKED_PAUSE = Duration.ofMillis(100);
    private static final Duration AT_A_STANDSTILL = Duration.ofSeconds(1);
    private static final int LOCKED_TRIES = 20;
    private static final int MAX_SETBACKS = 8;

    private final DataSource direct;
    private final Database database;
    private final ChangeStore<LockedRow> store;
    private final String node;
    private final VerificationLog runs;
    private final Mismatches mismatches;
    private final KeyedRepair keyed;

    /**
     * @param direct connections outside the application's pool; a comparison takes two
     * @param node the node that compares, for people
     */
    public Verification(DataSource direct, Database database, ChangeStore<LockedRow> store, String node) {
        this.direct = direct;
        this.database = database;
        this.store = store;
        this.node = node;
        this.runs = new VerificationLog(database);
        this.mismatches = new Mismatches(database);
        this.keyed = new KeyedRepair(database);
    }

    /** Compares as fast as the pace allows. */
    Optional<VerificationStatus> run(ColumnChange change, Pace pace, BooleanSupplier goOn) throws SQLException {
        return run(change, pace, () -> 1, goOn);
    }

    /**
     * Compares every row once, or goes on with a comparison that was interrupted in this epoch.
     *
     * @param share of the time in which to work, above 0 and at most 1; asked after each window
     * @param goOn asked between windows; when it says no, the comparison can be taken up again
     * @return how it stands now; empty if there is nothing to compare, or if somebody else is at it
     */
    public Optional<VerificationStatus> run(ColumnChange change, Pace pace, DoubleSupplier share, BooleanSupplier goOn)
            throws SQLException {
        Optional<Situation> noted = situation(change);
        if (noted.isEmpty() || !Rule.comparable(noted.get())) {
            return Optional.empty();
        }
        Optional<WorkLock> lock = WorkLock.tryAcquire(direct, database, "verify " + change.id());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try (WorkLock mine = lock.get();
                Session session = Session.open(direct, database, STATEMENT)) {
            log.debug("Change {}: comparing under {}", change.id(), mine);
            new Walk(
                            change,
                            pace,
                            new Tempo(change.id(), pace, share, goOn),
                            session,
                            noted.get().epoch())
                    .run();
        }
        return status(change.id());
    }

    /** How the comparison of a change stands, whichever node is at it; empty if there has been none. */
    public Optional<VerificationStatus> status(String change) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            List<String> listed = words(connection, change);
            return runs.read(connection, change)
                    .map(run -> new VerificationStatus(
                            run.state(),
                            run.epoch(),
                            run.rowsCompared(),
                            run.mismatches(),
                            run.rowsLocked(),
                            run.state() == State.RUNNING ? run.waitingFor() : null,
                            run.finishedAgo(),
                            listed));
        }
    }

    /**
     * Brings one side of the listed rows up to date from the other. Rows that are locked, or that do not convert, stay
     * listed.
     *
     * @param side the side to be written; the other one must be sealed
     * @param operator who says so
     * @return how many rows are still listed
     * @throws IllegalStateException if the other side is not sealed, so that nobody knows that it is right
     */
    public int repair(ColumnChange change, Side side, String operator) throws SQLException {
        return store.underLock(change.id(), locked -> {
            keyed.bound(locked.connection());
            Situation s = locked.situation();
            if (!s.sealed(side.other()) || (side == Side.OLD && !s.kind().convertsBack())) {
                throw new IllegalStateException("Change '" + change.id() + "': " + side
                        + " cannot be repaired, because " + side.other()
                        + (s.sealed(side.other()) ? " does not convert back" : " is not sealed")
                        + ". Repair " + side.other() + " instead.");
            }
            List<Mismatches.Entry> all = mismatches.list(locked.connection(), change.id());
            List<Mismatches.Entry> done = new ArrayList<>();
            for (Site site : change.sites()) {
                List<Mismatches.Entry> ofSite = all.stream()
                        .filter(entry -> entry.site().equals(site.table().toString()))
                        .toList();
                List<Key> keys = ofSite.stream().map(Mismatches.Entry::key).toList();
                Repair.Fixed fixed = keyed.fix(locked, change, site, side, keys);
                ofSite.stream()
                        .filter(entry -> !fixed.locked().contains(entry.key())
                                && !fixed.unfit().containsKey(entry.key()))
                        .forEach(done::add);
            }
            mismatches.delete(locked.connection(), done);
            locked.journal("repair", null, side.name(), done.size() + " row(s) that differed, by " + operator);
            return all.size() - done.size();
        });
    }

    private List<String> words(Connection connection, String change) throws SQLException {
        return mismatches.list(connection, change).stream()
                .map(Mismatches.Entry::words)
                .toList();
    }

    private Optional<Situation> situation(ColumnChange change) throws SQLException {
        return store.read(change.id()).map(record -> record.situation());
    }

    /** One comparison on one thread. */
    private final class Walk {

        private final ColumnChange change;
        private final Pace pace;
        private final Tempo tempo;
        private final Session session;
        private final Connection connection;
        private VerificationLog.Run run;
        private long written = System.nanoTime();

        Walk(ColumnChange change, Pace pace, Tempo tempo, Session session, long epoch) {
            this.change = change;
            this.pace = pace;
            this.tempo = tempo;
            this.session = session;
            this.connection = session.connection();
            this.run = VerificationLog.Run.begun(epoch);
        }

        void run() throws SQLException {
            begin();
            boolean whole = true;
            try {
                for (Site site : todo()) {
                    whole = whole && walk(site);
                }
            } catch (SQLException e) {
                connection.rollback();
                if (stands()) {
                    throw e;
                }
                // The columns are gone, or about to go.
                run = run.ended(State.VOID);
            }
            end(whole);
        }

        private void begin() throws SQLException {
            Optional<VerificationLog.Run> before = runs.read(connection, change.id());
            if (before.isPresent()
                    && before.get().state() == State.RUNNING
                    && before.get().epoch() == run.epoch()) {
                run = before.get();
            } else {
                runs.begin(connection, change.id(), node, run);
            }
            connection.commit();
        }

        /** The tables that are not done. */
        private List<Site> todo() {
            List<Site> sites = change.sites();
            for (int i = 0; i < sites.size(); i++) {
                if (sites.get(i).table().toString().equals(run.site())) {
                    return sites.subList(i, sites.size());
                }
            }
            return sites;
        }

        /** @return whether it has come to the end of the table */
        private boolean walk(Site site) throws SQLException {
            SiteSql sql = new SiteSql(database, site);
            if (sql.key().isZoned()) {
                connection.rollback();
                session.inUtc();
            }
            String name = site.table().toString();
            Comparison comparison = Comparison.of(connection, database, site);
            BatchSize size = new BatchSize(pace, Room.ALONE.most(site), sql.firstBatch(connection));
            Optional<Key> highest = sql.highest(connection);
            connection.commit();
            Key cursor = name.equals(run.site()) ? run.cursor() : null;
            int setbacks = 0;
            while (highest.isPresent()
                    && !highest.get().equals(cursor)
                    && run.state() == State.RUNNING
                    && tempo.goOn()) {
                try {
                    if (tempo.isPaused(connection)) {
                        return false;
                    }
                    size.follow(tempo.pace());
                    Throttle.Decision throttled = tempo.throttle();
                    run = run.waiting(throttled.words());
                    if (throttled.stops()) {
                        write();
                        tempo.pause(AT_A_STANDSTILL);
                        continue;
                    }
                    long began = System.nanoTime();
                    Window rest = new Window(cursor, highest.get());
                    Key last = sql.nth(connection, rest, size.rows()).orElse(highest.get());
                    Comparison.Found found = compare(comparison, new Window(cursor, last));
                    setbacks = 0;
                    cursor = last;
                    found(name, last, found);
                    Duration took = Duration.ofNanos(System.nanoTime() - began);
                    size.took(found.rows(), took);
                    tempo.rest(found.rows(), took);
                } catch (SQLException e) {
                    connection.rollback();
                    if (!Setback.is(database, e) || ++setbacks == MAX_SETBACKS) {
                        throw e;
                    }
                    size.failed();
                    tempo.pause(LOCKED_PAUSE);
                }
            }
            return run.state() == State.RUNNING
                    && (highest.isEmpty() || highest.get().equals(cursor));
        }

        /** Looks again as long as rows that look wrong are being written. */
        private Comparison.Found compare(Comparison comparison, Window window) throws SQLException {
            Comparison.Found found = comparison.compare(connection, window);
            connection.commit();
            for (int i = 1; found.locked() > 0 && i < LOCKED_TRIES && tempo.goOn(); i++) {
                tempo.pause(LOCKED_PAUSE);
                found = comparison.compare(connection, window);
                connection.commit();
            }
            return found;
        }

        private void found(String site, Key last, Comparison.Found found) throws SQLException {
            boolean first = run.mismatches() == 0;
            run = run.at(site, last, found);
            if (!found.disagreeing().isEmpty() && judge(site, found.disagreeing(), first)) {
                return;
            }
            if (System.nanoTime() - written > WRITE_EVERY) {
                write();
            }
        }

        private void write() throws SQLException {
            written = System.nanoTime();
            if (!stands()) {
                run = run.ended(State.VOID);
            }
            runs.write(connection, change.id(), node, run, false);
            connection.commit();
        }

        /** @return whether the comparison is over by it */
        private boolean judge(String site, List<Key> keys, boolean first) throws SQLException {
            State verdict = store.underLock(change.id(), locked -> {
                Situation s = locked.situation();
                if (s.epoch() != run.epoch() || !Rule.comparable(s)) {
                    return State.VOID;
                }
                mismatches.add(locked.connection(), change.id(), site, keys);
                Optional<Side> disproven = Rule.disproven(s);
                if (first || disproven.isPresent()) {
                    locked.journal(
                            "mismatch",
                            disproven.map(Side::name).orElse(null),
                            null,
                            "rows whose sides differ: "
                                    + VerificationStatus.words(words(locked.connection(), change.id())));
                }
                if (disproven.isPresent()) {
                    locked.save(s.voided(disproven.get()));
                    return State.MISMATCH;
                }
                return State.RUNNING;
            });
            if (verdict != State.VOID && (first || verdict == State.MISMATCH)) {
                log.warn(
                        "Change {}: rows of {} whose sides differ although both are sealed; {}.",
                        change.id(),
                        site,
                        verdict == State.MISMATCH
                                ? "the side that nobody reads is not sealed any more"
                                : "both sides are read, so nothing should move until they are repaired");
            }
            run = run.ended(verdict);
            return verdict != State.RUNNING;
        }

        private void end(boolean everyTable) throws SQLException {
            boolean whole = everyTable && run.state() == State.RUNNING;
            if (whole) {
                run = run.ended(run.result());
                store.underLock(change.id(), locked -> {
                    if (locked.situation().epoch() != run.epoch() || !Rule.comparable(locked.situation())) {
                        run = run.ended(State.VOID);
                    } else if (run.state() == State.CLEAN) {
                        // Whatever was listed before agrees by now.
                        mismatches.delete(locked.connection(), mismatches.list(locked.connection(), change.id()));
                    }
                    return run;
                });
            }
            runs.write(connection, change.id(), node, run, whole && run.state() != State.VOID);
            connection.commit();
            log.info(
                    "Change {}: {} row(s) compared, {} differ: {}",
                    change.id(),
                    run.rowsCompared(),
                    run.mismatches(),
                    run.state());
        }

        private boolean stands() throws SQLException {
            return situation(change)
                    .filter(s -> s.epoch() == run.epoch() && Rule.comparable(s))
                    .isPresent();
        }
    }
}

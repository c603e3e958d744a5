package dev.segue.backfill;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Repairs inside the database, by a conversion that can be said in SQL:
 *
 * <ol>
 *   <li>On PostgreSQL, {@link OneUpdate} is tried first. If it is through, and every value that it has written comes back,
 *       that is all.
 *   <li>Else what disagrees, comes back, and nobody has locked is repaired; on MySQL by a plain UPDATE, if nobody has locked
 *       any of the rows.
 *   <li>What is wrong then, by a newer snapshot, is locked, or its value does not come back, or the column has changed it:
 *       the first is left for later, the others are put aside with the reason ({@link Dirty}). Copies of rows that were all
 *       locked before are what they are.
 *   <li>If the conversion raises an error, the rows that raise it are found by halves and put aside; likewise those that
 *       lead to rows which somebody else has locked ({@link LockWait}), and they are left for later.
 * </ol>
 *
 * <p>For one thread.
 */
final class SqlRepair implements Repair {

    /**
     * So long a batch looks for rows that raise errors or waits for locks; what is left of it is for the next one. Whoever
     * waits for a row of it looks for a deadlock after a second, on PostgreSQL.
     */
    private static final long LONGEST_SEARCH = Duration.ofMillis(500).toNanos();

    private final Database database;
    private final String change;
    private final String site;
    private final SiteSql sql;
    private final SqlRows rows;
    private final Dirty dirty;
    private final Attempts atLocking = new Attempts();
    private @Nullable OneUpdate oneUpdate;

    /** Whether the last rows agreed before anything was done: then the next ones are looked at before any is locked. */
    private boolean calm;

    private SqlRepair(Database database, String change, Site site, SqlRows rows) {
        this.database = database;
        this.change = change;
        this.site = site.table().toString();
        this.sql = new SiteSql(database, site);
        this.rows = rows;
        this.dirty = new Dirty(database);
    }

    static SqlRepair of(Connection connection, Database database, ColumnChange change, Site site, Side side)
            throws SQLException {
        SqlRows rows = new SqlRows(
                database,
                site,
                side,
                change.kind().convertsBack(),
                new SiteSql(database, site).updatedByThemselves(connection),
                Parents.of(connection, database, site, side));
        return new SqlRepair(database, change.id(), site, rows);
    }

    @Override
    public Done repair(Connection connection, Window window) throws SQLException {
        Optional<Long> atOnce = atOnce(connection, window);
        if (atOnce.isPresent()) {
            return new Done(atOnce.get(), 0, window.upTo());
        }
        LockWait.bound(connection, database);
        Tally tally = new Tally();
        repair(connection, window, tally);
        dirty.putAside(connection, change, site, tally.unfit);
        return new Done(tally.repaired, tally.locked.size(), tally.upTo == null ? window.upTo() : tally.upTo);
    }

    private Optional<Long> atOnce(Connection connection, Window window) throws SQLException {
        if (database == Database.MYSQL) {
            return Optional.empty();
        }
        if (oneUpdate == null) {
            oneUpdate = OneUpdate.of(connection);
        }
        return oneUpdate.attempt(connection, () -> {
            SqlRows.Written written = rows.setAll(connection, rows.within(window));
            return written.wrong() == 0 ? Optional.of(written.rows()) : Optional.empty();
        });
    }

    @Override
    public Fixed fix(Connection connection, List<Key> keys) throws SQLException {
        LockWait.bound(connection, database);
        long repaired = 0;
        Set<Key> locked = new HashSet<>();
        Map<Key, String> unfit = new LinkedHashMap<>();
        for (Key each : keys) {
            Tally tally = new Tally();
            fix(connection, each, tally);
            repaired += tally.repaired;
            // By the key as it was asked for: its text may differ from session to session.
            if (!tally.locked.isEmpty()) {
                locked.add(each);
            }
            tally.unfit.values().forEach(why -> unfit.put(each, why));
        }
        return new Fixed(repaired, locked, unfit);
    }

    /** What has become of the rows so far. */
    private static final class Tally {

        private final long began = System.nanoTime();
        private final Map<Key, String> unfit = new LinkedHashMap<>();
        private final Set<Key> locked = new HashSet<>();
        private long repaired;
        private @Nullable Key upTo;

        boolean isLongEnough() {
            return upTo != null && System.nanoTime() - began > LONGEST_SEARCH;
        }
    }

    private void repair(Connection connection, Window window, Tally tally) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            repair(connection, rows.within(window), tally);
            connection.releaseSavepoint(before);
            tally.upTo = window.upTo();
        } catch (SQLException e) {
            if (!isOfARow(e)) {
                throw e;
            }
            connection.rollback(before);
            halve(connection, window, tally);
        }
    }

    private void halve(Connection connection, Window window, Tally tally) throws SQLException {
        long all = sql.count(connection, window);
        if (all > 1) {
            Optional<Key> middle = sql.nth(connection, window, (int) (all / 2));
            Key end = middle.orElse(window.upTo());
            for (Window half : List.of(new Window(window.after(), end), new Window(end, window.upTo()))) {
                if (tally.isLongEnough()) {
                    return;
                }
                repair(connection, half, tally);
            }
            return;
        }
        Optional<Key> only = sql.nth(connection, window, 1);
        if (only.isPresent()) {
            fix(connection, only.get(), tally);
        }
        tally.upTo = window.upTo();
    }

    private void fix(Connection connection, Key key, Tally tally) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            repair(connection, rows.of(key), tally);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!isOfARow(e)) {
                throw e;
            }
            connection.rollback(before);
            if (LockWait.isOver(database, e)) {
                tally.locked.add(key);
            } else {
                tally.unfit.put(key, Unfit.words(e));
            }
        }
    }

    private boolean isOfARow(SQLException e) {
        return Unfit.is(database, e) || LockWait.isOver(database, e);
    }

    private void repair(Connection connection, SqlRows.Rows some, Tally tally) throws SQLException {
        if (calm && rows.wrong(connection, some).isEmpty()) {
            return;
        }
        boolean ours = lockAll(connection, some);
        rows.lockParents(connection, some);
        long repaired = ours ? rows.setLocked(connection, some) : rows.setUnlocked(connection, some);
        Map<Key, Boolean> wrong = ours && rows.areCopies() ? Map.of() : rows.wrong(connection, some);
        calm = repaired == 0 && wrong.isEmpty();
        List<Key> disagreeing = new ArrayList<>();
        Map<Key, String> unfit = new LinkedHashMap<>();
        wrong.forEach((key, lost) -> {
            if (lost) {
                unfit.put(key, Judge.LOST);
            } else {
                disagreeing.add(key);
            }
        });
        if (repaired > 0 && !disagreeing.isEmpty()) {
            spoilt(connection, some).forEach(key -> unfit.put(key, Judge.SPOILT));
        }
        disagreeing.removeAll(unfit.keySet());
        tally.repaired += repaired;
        tally.locked.addAll(disagreeing);
        tally.unfit.putAll(unfit);
    }

    private boolean lockAll(Connection connection, SqlRows.Rows some) throws SQLException {
        if (rows.leadElsewhere()) {
            // What they lead to can only be locked before if it is known which rows will be written.
            rows.requireAll(connection, some);
            return true;
        }
        if (database != Database.MYSQL || !atLocking.isDue()) {
            return false;
        }
        boolean ours = rows.lockAll(connection, some);
        if (ours) {
            atLocking.succeeded();
        } else {
            atLocking.failed();
        }
        return ours;
    }

    /** Rows that disagree although they have been repaired under a lock of our own: nobody else has written them. */
    private Set<Key> spoilt(Connection connection, SqlRows.Rows some) throws SQLException {
        Set<Key> ours = rows.lockRepairable(connection, some);
        if (!ours.isEmpty()) {
            rows.setUnlocked(connection, some);
            ours.retainAll(rows.lockRepairable(connection, some));
        }
        return ours;
    }
}

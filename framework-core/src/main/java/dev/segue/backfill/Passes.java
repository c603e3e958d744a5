package dev.segue.backfill;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import dev.segue.fleet.ChangeLocks;
import dev.segue.lifecycle.Side;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes over all rows of a change, by any number of nodes at once.
 *
 * <p>A pass is begun after the barrier. It goes from the lowest to the highest key that is there by then: whatever is
 * inserted later is written on both sides. Each batch is one short transaction:
 *
 * <ol>
 *   <li>Lock the range, and look whether the pass still counts and the range is still this worker's.
 *   <li>Repair the rows that disagree and can be locked at once.
 *   <li>Count those that still disagree; they become a range of their own, to be tried again. A pass ends with none.
 *   <li>Move the cursor. It is committed together with the rows, so a killed worker loses one batch at most.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class Passes {

    private static final Logger log = LoggerFactory.getLogger(Passes.class);

    private static final Duration CLAIM = Duration.ofSeconds(10);
    private static final Duration BEFORE_LOCKED_ROWS_ARE_TRIED_AGAIN = Duration.ofMillis(500);
    private static final Duration BETWEEN_LOG_LINES = Duration.ofSeconds(30);
    private static final int MOST_RANGES = 16;
    private static final long FEWEST_ROWS_OF_A_RANGE = 50_000;

    private record Sample(long nanos, long rows, long perSecond) {}

    private final DataSource direct;
    private final Database database;
    private final ChangeLocks locks;
    private final Ranges ranges;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();

    /**
     * @param direct connections outside the application's pool
     * @param node under which id ranges are claimed
     */
    public Passes(DataSource direct, Database database, ChangeLocks locks, String node) {
        this.direct = direct;
        this.database = database;
        this.locks = locks;
        this.ranges = new Ranges(database, node);
    }

    /**
     * Makes the ranges of a pass, unless there are some of that side and epoch.
     *
     * @param epoch as it was noted before the barrier
     * @return false if the epoch is another one by now: note it again and wait again
     */
    public boolean open(ColumnChange change, Side side, long epoch) throws SQLException {
        return locks.underLock(change.id(), locked -> {
            if (locked.situation().epoch() != epoch) {
                return false;
            }
            Ranges.Sums sums = ranges.sums(locked.connection(), change.id(), side, epoch);
            if (sums.open() + sums.done() == 0) {
                for (Site site : change.sites()) {
                    addRanges(locked.connection(), change, site, side, epoch);
                }
                locked.journal("pass", null, side.name(), "begun in epoch " + epoch);
            }
            return true;
        });
    }

    private void addRanges(Connection connection, ColumnChange change, Site site, Side side, long epoch)
            throws SQLException {
        Repair repair = new Repair(database, site, side, List.of());
        Optional<List<String>> highest = repair.outermost(connection, true);
        List<Repair.Stretch> stretches = new ArrayList<>();
        if (highest.isPresent() && repair.keys().isOneInteger()) {
            BigInteger low = new BigInteger(
                    repair.outermost(connection, false).orElseThrow().get(0));
            stretches.addAll(split(low, new BigInteger(highest.get().get(0)), estimate(connection, site)));
        } else {
            // An empty table has one empty range, so that its pass can be seen to be over.
            stretches.add(new Repair.Stretch(null, highest.orElse(null)));
        }
        for (Repair.Stretch stretch : stretches) {
            ranges.add(connection, change.id(), side, epoch, site.table().toString(), stretch, Duration.ZERO, 0);
        }
    }

    private static List<Repair.Stretch> split(BigInteger low, BigInteger high, long rows) {
        long count = Math.max(1, Math.min(MOST_RANGES, rows / FEWEST_ROWS_OF_A_RANGE));
        BigInteger width = high.subtract(low).divide(BigInteger.valueOf(count)).add(BigInteger.ONE);
        List<Repair.Stretch> stretches = new ArrayList<>();
        BigInteger from = low.subtract(BigInteger.ONE);
        while (from.compareTo(high) < 0) {
            BigInteger to = from.add(width).min(high);
            // Below the lowest key there is nothing, and the type may have no such number.
            List<String> after = stretches.isEmpty() ? null : List.of(from.toString());
            stretches.add(new Repair.Stretch(after, List.of(to.toString())));
            from = to;
        }
        return stretches;
    }

    /**
     * Works on the pass until there is nothing left that this worker could do now.
     *
     * @param target how long a batch should take
     * @param goOn false ends the work after the batch under way
     * @return whether the pass is complete: every row seen, none left over
     */
    public boolean work(ColumnChange change, Side side, long epoch, Duration target, BooleanSupplier goOn)
            throws SQLException {
        Pace pace = new Pace(target);
        long logged = System.nanoTime();
        try (Connection connection = direct.getConnection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            bound(connection);
            try {
                while (goOn.getAsBoolean()) {
                    Optional<Ranges.Claimed> claimed = ranges.claim(connection, change.id(), side, epoch, CLAIM);
                    connection.commit();
                    if (claimed.isEmpty()) {
                        break;
                    }
                    logged = work(connection, change, side, epoch, claimed.get(), pace, goOn, logged);
                }
                Ranges.Sums sums = ranges.sums(connection, change.id(), side, epoch);
                connection.commit();
                return sums.open() == 0 && sums.done() > 0;
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                unbound(connection);
            }
        }
    }

    private long work(
            Connection connection,
            ColumnChange change,
            Side side,
            long epoch,
            Ranges.Claimed range,
            Pace pace,
            BooleanSupplier goOn,
            long loggedBefore)
            throws SQLException {
        Site site = change.sites().stream()
                .filter(s -> s.table().toString().equals(range.site()))
                .findFirst()
                .orElseThrow();
        Repair repair = new Repair(database, site, side, selfUpdating(connection, site));
        List<String> cursor = range.cursor();
        long logged = loggedBefore;
        while (goOn.getAsBoolean()) {
            long began = System.nanoTime();
            try {
                Batch batch = batch(connection, change, side, epoch, range, repair, cursor, pace.rows());
                connection.commit();
                if (batch.over()) {
                    return logged;
                }
                cursor = batch.cursor();
                pace.took(System.nanoTime() - began);
            } catch (SQLException e) {
                connection.rollback();
                if (!TransientErrors.isTransient(database, e)) {
                    throw e;
                }
                pace.failed();
            }
            if (System.nanoTime() - logged > BETWEEN_LOG_LINES.toNanos()) {
                logged = System.nanoTime();
                progress(change, side, epoch)
                        .ifPresent(p -> log.info(
                                "Change {}: {} of {} rows, {} rows/s, {} left",
                                change.id(),
                                p.rowsDone(),
                                p.rowsTotal(),
                                p.rowsPerSecond(),
                                p.timeLeft()));
            }
        }
        ranges.release(connection, range);
        connection.commit();
        return logged;
    }

    private record Batch(@Nullable List<String> cursor, boolean over) {}

    private Batch batch(
            Connection connection,
            ColumnChange change,
            Side side,
            long epoch,
            Ranges.Claimed range,
            Repair repair,
            @Nullable List<String> cursor,
            int rows)
            throws SQLException {
        if (!ranges.lock(connection, range)) {
            return new Batch(cursor, true);
        }
        Repair.Stretch rest = new Repair.Stretch(cursor, range.upper());
        Optional<List<String>> nth = repair.nth(connection, rest, rows);
        boolean last = nth.isEmpty();
        List<String> to = last ? range.upper() : nth.get();
        Repair.Stretch stretch = new Repair.Stretch(cursor, to);
        long read = last ? repair.count(connection, stretch, false) : rows;
        long repaired = repair.repair(connection, stretch);
        // A statement of READ COMMITTED looks anew, so this sees what others have committed meanwhile.
        long skipped = repair.count(connection, stretch, true);
        if (skipped > 0) {
            ranges.add(
                    connection,
                    change.id(),
                    side,
                    epoch,
                    range.site(),
                    stretch,
                    BEFORE_LOCKED_ROWS_ARE_TRIED_AGAIN,
                    skipped);
        }
        ranges.advance(connection, range, to, read, repaired, last, CLAIM);
        return new Batch(to, last);
    }

    /** Whether the pass of that side and epoch is complete; ask it in the transaction that records the verdict. */
    public boolean isComplete(Connection connection, ColumnChange change, Side side, long epoch) throws SQLException {
        Ranges.Sums sums = ranges.sums(connection, change.id(), side, epoch);
        return sums.open() == 0 && sums.done() > 0;
    }

    /** How far the pass is; empty if it has not been begun. */
    public Optional<Progress> progress(ColumnChange change, Side side, long epoch) throws SQLException {
        try (Connection connection = direct.getConnection()) {
            Ranges.Sums sums = ranges.sums(connection, change.id(), side, epoch);
            if (sums.open() + sums.done() == 0) {
                return Optional.empty();
            }
            long total = 0;
            for (Site site : change.sites()) {
                total += estimate(connection, site);
            }
            boolean finished = sums.open() == 0;
            total = finished ? sums.rowsRead() : Math.max(total, sums.rowsRead());
            long perSecond = rate(change.id(), sums.rowsRead());
            Duration left = finished
                    ? Duration.ZERO
                    : perSecond == 0 ? null : Duration.ofSeconds((total - sums.rowsRead()) / perSecond);
            String waiting =
                    sums.rowsSkipped() == 0 ? null : sums.rowsSkipped() + " rows that other transactions have locked";
            return Optional.of(new Progress(
                    side, sums.rowsRead(), total, sums.rowsRepaired(), perSecond, left, finished, waiting));
        }
    }

    private long rate(String change, long rows) {
        long now = System.nanoTime();
        Sample next = samples.compute(change, (id, last) -> {
            if (last == null || rows < last.rows()) {
                return new Sample(now, rows, 0);
            }
            long nanos = now - last.nanos();
            return nanos < 200_000_000L ? last : new Sample(now, rows, (rows - last.rows()) * 1_000_000_000L / nanos);
        });
        return next.perSecond();
    }

    private long estimate(Connection connection, Site site) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT GREATEST(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(?)";
            case MYSQL ->
                "SELECT TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?";
        };
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            if (database == Database.POSTGRESQL) {
                select.setString(1, site.table().quoted(database));
            } else {
                select.setString(1, site.table().schema());
                select.setString(2, site.table().name());
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** Columns that MySQL sets by itself when a row is updated; the backfill is no change that they should show. */
    private List<String> selfUpdating(Connection connection, Site site) throws SQLException {
        if (database == Database.POSTGRESQL) {
            return List.of();
        }
        List<String> columns = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE(?, DATABASE())"
                        + " AND TABLE_NAME = ? AND EXTRA LIKE '%on update%'")) {
            select.setString(1, site.table().schema());
            select.setString(2, site.table().name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    columns.add(row.getString(1));
                }
            }
        }
        return columns;
    }

    /** The server ends what a stopped process cannot, so that its lock on a range does not hold the fleet. */
    private void bound(Connection connection) throws SQLException {
        run(
                connection,
                switch (database) {
                    case POSTGRESQL -> "SET idle_in_transaction_session_timeout = '10s'";
                    case MYSQL -> "SET SESSION wait_timeout = 10";
                });
        if (database == Database.POSTGRESQL) {
            run(connection, "SET statement_timeout = '30s'");
        }
        connection.commit();
    }

    private void unbound(Connection connection) throws SQLException {
        run(
                connection,
                switch (database) {
                    case POSTGRESQL -> "RESET idle_in_transaction_session_timeout";
                    case MYSQL -> "SET SESSION wait_timeout = DEFAULT";
                });
        if (database == Database.POSTGRESQL) {
            run(connection, "RESET statement_timeout");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

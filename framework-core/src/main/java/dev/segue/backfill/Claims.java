package dev.segue.backfill;

import dev.segue.database.Database;
import dev.segue.fleet.Gate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who walks which range, in {@code segue_range}. A claim has a number and runs out by the database's clock; every batch
 * renews it. A worker that finds another number than its own has been taken for dead and has lost the range.
 *
 * <p>All changes of a registry share their workers, so that the passes of several do not add up to a load that nobody has
 * asked for: a pass may take a range only as long as fewer ranges are walked, of whichever change, than it may have workers
 * itself. So who is at it goes on, and the next begins as hands become free; a pass that may have more workers begins beside
 * one that may have fewer; and a small one has a worker at any time, as it is done before long.
 */
final class Claims {

    private static final String CLAIMABLE = "state = 'open' AND (claimed_until IS NULL OR claimed_until < %s)";

    private static final int LONGEST_WHY = 500;

    /** Being walked; whoever the throttle has stopped has time to look whether there still is room. */
    private static final String WALKED =
            "state = 'open' AND claimed_by IS NOT NULL AND claimed_until >= %s AND (waiting_for IS NULL OR waiting_for NOT LIKE '"
                    + Throttle.Decision.STOPPED + "%%')";

    /** How a worker stands to the range that it has claimed. */
    enum Standing {
        OURS,
        LOST,
        VOID
    }

    /**
     * A range as found under the lock of its row.
     *
     * @param range with the cursor and the end that are committed
     */
    record Locked(Standing standing, Range range) {}

    private final Database database;
    private final Gate gate;
    private final String node;
    private final Duration claimFor;

    Claims(Database database, String node, Duration claimFor) {
        this.database = database;
        this.gate = new Gate(database);
        this.node = node;
        this.claimFor = claimFor;
    }

    /**
     * Claims a range of the pass, retries last. Commits.
     *
     * @param workers that may have one at a time, over all nodes
     */
    Optional<Range> next(Connection connection, PassId pass, int workers) throws SQLException {
        boolean possible = !claimable(connection, pass).isEmpty()
                && walked(connection, pass).leaveRoomFor(workers);
        connection.commit();
        if (!possible) {
            return Optional.empty();
        }
        lock(connection);
        if (walked(connection, pass).leaveRoomFor(workers)) {
            for (long id : claimable(connection, pass)) {
                Optional<Range> claimed = claim(connection, id);
                if (claimed.isPresent()) {
                    connection.commit();
                    return claimed;
                }
            }
        }
        connection.commit();
        return Optional.empty();
    }

    /** Two that claim at the same time would not see each other's claim. All lock the same row, whatever their change. */
    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT id FROM segue_change ORDER BY id LIMIT 1 FOR UPDATE")) {
            lock.executeQuery().close();
        }
    }

    /**
     * What is being walked.
     *
     * @param all ranges of all changes
     * @param ofThis of this pass
     * @param left rows that this pass expects in what is not done
     */
    private record Walked(int all, int ofThis, long left) {

        boolean leaveRoomFor(int workers) {
            return all < workers || (ofThis == 0 && left < Cut.ROWS_A_PART);
        }
    }

    private Walked walked(Connection connection, PassId pass) throws SQLException {
        String sql = """
                SELECT COALESCE(SUM(CASE WHEN %1$s THEN 1 ELSE 0 END), 0),
                    COALESCE(SUM(CASE WHEN %1$s AND change_id = ? THEN 1 ELSE 0 END), 0),
                    COALESCE(SUM(CASE WHEN change_id = ? AND side = ? AND epoch = ? AND rows_expected > rows_read
                        THEN rows_expected - rows_read ELSE 0 END), 0)
                FROM segue_range WHERE state = 'open'""".formatted(WALKED.formatted(database.clock()));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, pass.change());
            select.setString(2, pass.change());
            select.setString(3, pass.side().name());
            select.setLong(4, pass.epoch());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Walked(row.getInt(1), row.getInt(2), row.getLong(3));
            }
        }
    }

    /** Whether there would be room for this worker if it had no range. Commits. */
    boolean isRoomWithout(Connection connection, PassId pass, int workers) throws SQLException {
        Walked others = walked(connection, pass);
        connection.commit();
        return others.leaveRoomFor(workers);
    }

    /** The changes whose passes have the workers that this one waits for; none if it does not wait for any. */
    List<String> busyWithout(Connection connection, PassId pass) throws SQLException {
        String sql = "SELECT DISTINCT change_id FROM segue_range WHERE " + WALKED.formatted(database.clock())
                + " ORDER BY change_id";
        List<String> busy = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                busy.add(row.getString(1));
            }
        }
        boolean waits =
                !busy.contains(pass.change()) && !claimable(connection, pass).isEmpty();
        return waits ? busy : List.of();
    }

    private List<Long> claimable(Connection connection, PassId pass) throws SQLException {
        String sql = """
                SELECT id FROM segue_range WHERE change_id = ? AND side = ? AND epoch = ? AND %s
                ORDER BY attempt, id LIMIT 32""".formatted(CLAIMABLE.formatted(database.clock()));
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, pass.change());
            select.setString(2, pass.side().name());
            select.setLong(3, pass.epoch());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    private Optional<Range> claim(Connection connection, long id) throws SQLException {
        // Whoever is just claiming it, or still has a batch of it open, has it.
        String lock = """
                SELECT site, cursor_key, upper_key, attempt, claim FROM segue_range WHERE id = ? AND %s
                FOR UPDATE SKIP LOCKED""".formatted(CLAIMABLE.formatted(database.clock()));
        Range range;
        try (PreparedStatement select = connection.prepareStatement(lock)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                range = new Range(
                        id,
                        row.getString("site"),
                        key(row.getString("cursor_key")),
                        Key.decoded(row.getString("upper_key")),
                        row.getInt("attempt"),
                        row.getLong("claim") + 1);
            }
        }
        String sql =
                "UPDATE segue_range SET claimed_by = ?, claim = ?, claimed_until = %s, updated_at = %s WHERE id = ?"
                        .formatted(database.clockPlusMillis(), database.clock());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, node);
            update.setLong(2, range.claim());
            update.setLong(3, claimFor.toMillis());
            update.setLong(4, id);
            update.executeUpdate();
        }
        return Optional.of(range);
    }

    /**
     * Locks the row of the range for one batch. Whoever raises the epoch locks it first and makes it void, so until this
     * transaction ends the epoch stands.
     */
    Locked lock(Connection connection, Range range) throws SQLException {
        gate.pass(connection, range.id());
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT state, claim, cursor_key, upper_key FROM segue_range WHERE id = ? FOR UPDATE")) {
            select.setLong(1, range.id());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next() || row.getString("state").equals("void")) {
                    return new Locked(Standing.VOID, range);
                }
                boolean ours = row.getString("state").equals("open") && row.getLong("claim") == range.claim();
                return new Locked(
                        ours ? Standing.OURS : Standing.LOST,
                        range.at(key(row.getString("cursor_key")), Key.decoded(row.getString("upper_key"))));
            }
        }
    }

    /** Moves the cursor in the transaction of the batch, and keeps the claim. */
    void advance(
            Connection connection,
            Range range,
            Key cursor,
            boolean done,
            long read,
            long repaired,
            double rowsPerSecond,
            @Nullable String slowedBy)
            throws SQLException {
        String sql = """
                UPDATE segue_range SET cursor_key = ?, state = ?, rows_read = rows_read + ?,
                    rows_repaired = rows_repaired + ?, rows_skipped = 0, rows_per_second = ?, waiting_for = ?,
                    claimed_until = %s, updated_at = %s
                WHERE id = ?""".formatted(database.clockPlusMillis(), database.clock());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, cursor.encoded());
            update.setString(2, done ? "done" : "open");
            // A retry reads rows that have been counted.
            update.setLong(3, range.isRetry() ? 0 : read);
            update.setLong(4, repaired);
            update.setDouble(5, rowsPerSecond);
            update.setString(6, cut(slowedBy));
            update.setLong(7, claimFor.toMillis());
            update.setLong(8, range.id());
            update.executeUpdate();
        }
    }

    /**
     * Leaves rows of a batch to a range of their own, which may be claimed after a pause.
     *
     * <p>Only a range that was there when the pass began may do so. Whoever raises the epoch has locked all of those
     * before it makes the ranges void, so none appears behind its back.
     */
    void leave(Connection connection, Range range, Window rows, long skipped, Duration pause, String why)
            throws SQLException {
        if (range.isRetry()) {
            throw new IllegalArgumentException("A retry stays what it is: " + range);
        }
        Key after = rows.after();
        String sql = """
                INSERT INTO segue_range (change_id, side, epoch, site, lower_key, cursor_key, upper_key, rows_expected,
                    rows_read, rows_repaired, rows_skipped, attempt, rows_per_second, waiting_for, state, claim,
                    claimed_until, updated_at)
                SELECT change_id, side, epoch, site, ?, ?, ?, 0, 0, 0, ?, 1, 0, ?, 'open', 0, %s, %s
                FROM segue_range WHERE id = ?""".formatted(database.clockPlusMillis(), database.clock());
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, after == null ? null : after.encoded());
            insert.setString(2, after == null ? null : after.encoded());
            insert.setString(3, rows.upTo().encoded());
            insert.setLong(4, skipped);
            insert.setString(5, why);
            insert.setLong(6, pause.toMillis());
            insert.setLong(7, range.id());
            insert.executeUpdate();
        }
    }

    /**
     * Whether another worker would take a part of a range: fewer are at the pass than may be, and nothing is left to claim.
     * Commits.
     */
    boolean isShareWanted(Connection connection, PassId pass, int workers) throws SQLException {
        boolean wanted = walked(connection, pass).all() < workers
                && claimable(connection, pass).isEmpty();
        connection.commit();
        return wanted;
    }

    /**
     * Gives the end of a range to whoever wants it, in the transaction of a batch, which has passed the gate: so nobody who
     * raises the epoch has looked for ranges yet, and the new one will be found.
     *
     * @param last what the range keeps
     * @param kept about how many rows that are
     */
    void split(Connection connection, Range range, Key last, long kept) throws SQLException {
        String insert = """
                INSERT INTO segue_range (change_id, side, epoch, site, lower_key, cursor_key, upper_key, rows_expected,
                    rows_read, rows_repaired, rows_skipped, attempt, rows_per_second, state, claim, updated_at)
                SELECT change_id, side, epoch, site, ?, ?, upper_key,
                    CASE WHEN rows_expected > rows_read + ? THEN rows_expected - rows_read - ? ELSE 0 END,
                    0, 0, 0, 0, 0, 'open', 0, %s
                FROM segue_range WHERE id = ?""".formatted(database.clock());
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            statement.setString(1, last.encoded());
            statement.setString(2, last.encoded());
            statement.setLong(3, kept);
            statement.setLong(4, kept);
            statement.setLong(5, range.id());
            statement.executeUpdate();
        }
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE segue_range SET upper_key = ?, rows_expected = LEAST(rows_expected, rows_read + ?) WHERE id = ?")) {
            update.setString(1, last.encoded());
            update.setLong(2, kept);
            update.setLong(3, range.id());
            update.executeUpdate();
        }
    }

    /** Gives a retry up for a while, its cursor where it was. */
    void again(Connection connection, Range range, long repaired, long skipped, Duration pause, String why)
            throws SQLException {
        String sql = """
                UPDATE segue_range SET attempt = attempt + 1, rows_repaired = rows_repaired + ?, rows_skipped = ?,
                    waiting_for = ?, claimed_by = NULL, claimed_until = %s, updated_at = %s
                WHERE id = ?""".formatted(database.clockPlusMillis(), database.clock());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, repaired);
            update.setLong(2, skipped);
            update.setString(3, why);
            update.setLong(4, pause.toMillis());
            update.setLong(5, range.id());
            update.executeUpdate();
        }
    }

    /**
     * Keeps the claim while nothing is done, and says why; what was done before is no rate of now. Commits.
     *
     * @return false if the range is not ours any more, or void
     */
    boolean hold(Connection connection, Range range, @Nullable String why) throws SQLException {
        String sql = """
                UPDATE segue_range SET claimed_until = %s, rows_per_second = 0, waiting_for = ?, updated_at = %s
                WHERE id = ? AND claim = ? AND state = 'open'""".formatted(database.clockPlusMillis(), database.clock());
        boolean ours;
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, claimFor.toMillis());
            update.setString(2, cut(why));
            update.setLong(3, range.id());
            update.setLong(4, range.claim());
            ours = update.executeUpdate() == 1;
        }
        connection.commit();
        return ours;
    }

    /** Frees the range, if it is still ours, to be claimed after a pause. Commits. */
    void release(Connection connection, Range range, Duration pause, @Nullable String why) throws SQLException {
        String sql = """
                UPDATE segue_range SET claimed_by = NULL, claimed_until = %s, waiting_for = ?, updated_at = %s
                WHERE id = ? AND claim = ? AND state = 'open'""".formatted(database.clockPlusMillis(), database.clock());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, pause.toMillis());
            update.setString(2, cut(why));
            update.setLong(3, range.id());
            update.setLong(4, range.claim());
            update.executeUpdate();
        }
        connection.commit();
    }

    /** As much of it as the registry has room for. */
    static @Nullable String cut(@Nullable String why) {
        return why == null || why.length() <= LONGEST_WHY ? why : why.substring(0, LONGEST_WHY);
    }

    private static @Nullable Key key(@Nullable String encoded) {
        return encoded == null ? null : Key.decoded(encoded);
    }
}

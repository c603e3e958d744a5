package dev.segue.backfill;

import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of {@code segue_range}: what is to be done, who does it, and how far it is. */
final class Ranges {

    /**
     * A range that this worker has claimed.
     *
     * @param claim counts up with every claim, so that a worker that was away finds out
     */
    record Claimed(
            long id,
            long claim,
            String site,
            @Nullable List<String> cursor,
            @Nullable List<String> upper) {}

    /** What a pass adds up to. */
    record Sums(long rowsRead, long rowsRepaired, long rowsSkipped, int open, int done) {}

    private final Database database;
    private final String node;

    Ranges(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    void add(
            Connection connection,
            String change,
            Side side,
            long epoch,
            String site,
            Repair.Stretch stretch,
            Duration notBefore,
            long skipped)
            throws SQLException {
        String sql =
                "INSERT INTO segue_range (change_id, side, epoch, site, lower_key, upper_key, cursor_key, rows_read,"
                        + " rows_repaired, rows_skipped, state, claim, claimed_until, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?,"
                        + " 'open', 0, " + database.clockPlusMillis() + ", " + database.clock() + ")";
        String lower = stretch.after() == null ? null : Keys.encode(stretch.after());
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, change);
            insert.setString(2, side.name());
            insert.setLong(3, epoch);
            insert.setString(4, site);
            insert.setString(5, lower);
            insert.setString(6, stretch.upTo() == null ? null : Keys.encode(stretch.upTo()));
            insert.setString(7, lower);
            insert.setLong(8, skipped);
            insert.setLong(9, notBefore.toMillis());
            insert.executeUpdate();
        }
    }

    /** Claims a range that nobody works on, or whose worker has not been heard of for long. */
    Optional<Claimed> claim(Connection connection, String change, Side side, long epoch, Duration ttl)
            throws SQLException {
        String select =
                "SELECT id, claim, site, cursor_key, upper_key FROM segue_range WHERE change_id = ? AND side = ?"
                        + " AND epoch = ? AND state = 'open' AND claimed_until < " + database.clock()
                        + " ORDER BY id LIMIT 1"
                        + " FOR UPDATE SKIP LOCKED";
        try (PreparedStatement find = connection.prepareStatement(select)) {
            find.setString(1, change);
            find.setString(2, side.name());
            find.setLong(3, epoch);
            try (ResultSet row = find.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Claimed claimed = new Claimed(
                        row.getLong(1),
                        row.getLong(2) + 1,
                        row.getString(3),
                        key(row.getString(4)),
                        key(row.getString(5)));
                String update = "UPDATE segue_range SET claimed_by = ?, claim = ?, claimed_until = "
                        + database.clockPlusMillis() + " WHERE id = ?";
                try (PreparedStatement take = connection.prepareStatement(update)) {
                    take.setString(1, node);
                    take.setLong(2, claimed.claim());
                    take.setLong(3, ttl.toMillis());
                    take.setLong(4, claimed.id());
                    take.executeUpdate();
                }
                return Optional.of(claimed);
            }
        }
    }

    /** Locks the range for one batch; false if the pass is void or somebody else has taken the range over. */
    boolean lock(Connection connection, Claimed range) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT state, claim FROM segue_range WHERE id = ? FOR UPDATE")) {
            select.setLong(1, range.id());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getString(1).equals("open") && row.getLong(2) == range.claim();
            }
        }
    }

    void advance(
            Connection connection,
            Claimed range,
            @Nullable List<String> cursor,
            long read,
            long repaired,
            boolean done,
            Duration ttl)
            throws SQLException {
        String sql =
                "UPDATE segue_range SET cursor_key = ?, rows_read = rows_read + ?, rows_repaired = rows_repaired + ?,"
                        + " state = ?, claimed_until = " + database.clockPlusMillis() + ", updated_at = "
                        + database.clock()
                        + " WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, cursor == null ? null : Keys.encode(cursor));
            update.setLong(2, read);
            update.setLong(3, repaired);
            update.setString(4, done ? "done" : "open");
            update.setLong(5, ttl.toMillis());
            update.setLong(6, range.id());
            update.executeUpdate();
        }
    }

    /** Gives a range back, so that another worker need not wait for the claim to run out. */
    void release(Connection connection, Claimed range) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE segue_range SET claimed_until = "
                + database.clock() + " WHERE id = ? AND claim = ? AND state = 'open'")) {
            update.setLong(1, range.id());
            update.setLong(2, range.claim());
            update.executeUpdate();
        }
    }

    Sums sums(Connection connection, String change, Side side, long epoch) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT COALESCE(SUM(rows_read), 0), COALESCE(SUM(rows_repaired), 0), COALESCE(SUM(CASE WHEN state = 'open'"
                        + " THEN rows_skipped ELSE 0 END), 0), COALESCE(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END), 0),"
                        + " COALESCE(SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END), 0)"
                        + " FROM segue_range WHERE change_id = ? AND side = ? AND epoch = ? AND state <> 'void'")) {
            select.setString(1, change);
            select.setString(2, side.name());
            select.setLong(3, epoch);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Sums(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getInt(5));
            }
        }
    }

    private static @Nullable List<String> key(@Nullable String text) {
        return text == null ? null : Keys.decode(text);
    }
}

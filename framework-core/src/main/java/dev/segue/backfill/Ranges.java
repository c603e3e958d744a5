package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ranges of a pass as a whole, in {@code segue_range}. */
final class Ranges {

    private static final String OF_PASS = " WHERE change_id = ? AND side = ? AND epoch = ?";

    /** So many are told one by one. */
    private static final int MOST_TOLD = 20;

    private final Database database;

    /**
     * How many ranges of a pass are in which state.
     *
     * @param expected rows of the open ones, by the statistics
     */
    record States(int open, int done, int voided, int looks, long expected) {

        /** Whether a second worker would find something to do. */
        boolean isWorthSharing() {
            return open > 1 || expected >= Cut.ROWS_A_PART;
        }

        boolean isNone() {
            return open + done + voided + looks == 0;
        }

        boolean isVoid() {
            return voided > 0 || isNone();
        }

        boolean isComplete() {
            return !isVoid() && open == 0 && looks == 0;
        }

        boolean onlyLooksAreLeft() {
            return !isVoid() && open == 0 && looks > 0;
        }
    }

    Ranges(Database database) {
        this.database = database;
    }

    void add(Connection connection, PassId pass, String site, Window window, long expected) throws SQLException {
        insert(connection, pass, site, window.after(), window.upTo(), expected, "open");
    }

    /** A table without rows is part of the pass as well, and done. */
    void addEmpty(Connection connection, PassId pass, String site) throws SQLException {
        insert(connection, pass, site, null, null, 0, "done");
    }

    /** After all ranges, the whole table is to be looked at in one snapshot. */
    void addLook(Connection connection, PassId pass, String site) throws SQLException {
        insert(connection, pass, site, null, null, 0, "look");
    }

    /** The tables that are still to be looked at. */
    Set<String> looks(Connection connection, PassId pass) throws SQLException {
        Set<String> sites = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT site FROM segue_range" + OF_PASS + " AND state = 'look'")) {
            bind(select, pass);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sites.add(row.getString(1));
                }
            }
        }
        return sites;
    }

    void looked(Connection connection, PassId pass, String site) throws SQLException {
        String sql = "UPDATE segue_range SET state = 'done', updated_at = " + database.clock() + OF_PASS
                + " AND site = ? AND state = 'look'";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, pass);
            update.setString(4, site);
            update.executeUpdate();
        }
    }

    private void insert(
            Connection connection,
            PassId pass,
            String site,
            @Nullable Key lower,
            @Nullable Key upper,
            long expected,
            String state)
            throws SQLException {
        String sql = """
                INSERT INTO segue_range (change_id, side, epoch, site, lower_key, cursor_key, upper_key, rows_expected,
                    rows_read, rows_repaired, rows_skipped, attempt, rows_per_second, state, claim, updated_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?, 0, %s)""".formatted(database.clock());
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            bind(insert, pass);
            insert.setString(4, site);
            insert.setString(5, lower == null ? null : lower.encoded());
            insert.setString(6, lower == null ? null : lower.encoded());
            insert.setString(7, upper == null ? null : upper.encoded());
            insert.setLong(8, expected);
            insert.setString(9, state);
            insert.executeUpdate();
        }
    }

    States states(Connection connection, PassId pass) throws SQLException {
        String sql = """
                SELECT COUNT(CASE WHEN state = 'open' THEN 1 END), COUNT(CASE WHEN state = 'done' THEN 1 END),
                    COUNT(CASE WHEN state = 'void' THEN 1 END), COUNT(CASE WHEN state = 'look' THEN 1 END),
                    COALESCE(SUM(CASE WHEN state = 'open' THEN rows_expected END), 0)
                FROM segue_range""" + OF_PASS;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, pass);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new States(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getLong(5));
            }
        }
    }

    Progress progress(Connection connection, PassId pass) throws SQLException {
        // Rows of a retry were read by the batch that left them; those that it still leaves are not done. What a part
        // has
        // beyond what was expected of it, the others have less: keys may be crowded.
        String sql = """
                SELECT
                    COALESCE(SUM(CASE WHEN attempt = 0 THEN rows_read ELSE 0 END), 0)
                        - COALESCE(SUM(CASE WHEN attempt > 0 AND state = 'open' THEN rows_skipped ELSE 0 END), 0)
                        AS rows_done,
                    COALESCE(SUM(CASE WHEN attempt > 0 THEN 0
                        WHEN state = 'open' AND rows_expected > rows_read THEN rows_expected
                        ELSE rows_read END), 0) AS rows_known,
                    COALESCE(SUM(CASE WHEN attempt = 0 THEN rows_expected END), 0) AS rows_expected,
                    COUNT(CASE WHEN attempt = 0 AND state = 'open' AND rows_read >= rows_expected THEN 1 END)
                        AS ranges_beyond,
                    COALESCE(SUM(rows_repaired), 0) AS rows_repaired,
                    COALESCE(SUM(CASE WHEN state = 'open' AND claimed_by IS NOT NULL AND claimed_until > %1$s
                        THEN rows_per_second ELSE 0 END), 0) AS rows_per_second,
                    COUNT(CASE WHEN state IN ('open', 'look') THEN 1 END) AS ranges_open,
                    COUNT(CASE WHEN state = 'done' THEN 1 END) AS ranges_done,
                    MAX(CASE WHEN state = 'open' THEN waiting_for END) AS waiting_for
                FROM segue_range""".formatted(database.clock()) + OF_PASS;
        try (PreparedStatement select = connection.prepareStatement(withEach(sql))) {
            bind(select, pass);
            bind(select, 4, pass);
            select.setInt(7, MOST_TOLD);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                long done = row.getLong("rows_done");
                long known = row.getLong("rows_known");
                long total = row.getInt("ranges_beyond") == 0 ? known : Math.max(known, row.getLong("rows_expected"));
                int open = row.getInt("ranges_open");
                double rate = row.getDouble("rows_per_second");
                return new Progress(
                        pass.side(),
                        pass.epoch(),
                        done,
                        total,
                        row.getLong("rows_repaired"),
                        Math.round(rate),
                        open == 0
                                ? Duration.ZERO
                                : rate > 0 && total > done
                                        ? Duration.ofMillis((long) ((total - done) / rate * 1000))
                                        : null,
                        open,
                        row.getInt("ranges_done"),
                        0,
                        0,
                        row.getString("waiting_for"),
                        each(row));
            }
        }
    }

    /** Adds the ranges one by one, as far as they can be told: first those that a node has, then those that wait. */
    private String withEach(String totals) {
        return """
                WITH totals AS (%2$s)
                SELECT totals.*, part.site, part.state, part.rows_read AS part_done,
                    CASE WHEN part.attempt > 0 THEN part.rows_skipped
                        WHEN part.state = 'open' AND part.rows_expected > part.rows_read
                        THEN part.rows_expected
                        ELSE part.rows_read END AS part_expected,
                    part.rows_per_second AS part_rate,
                    CASE WHEN part.state = 'open' THEN part.waiting_for END AS part_waiting_for,
                    CASE WHEN part.state = 'open' AND part.claimed_until > %1$s
                        THEN part.claimed_by END AS part_node
                FROM totals LEFT JOIN segue_range part ON part.change_id = ? AND part.side = ?
                    AND part.epoch = ? AND part.state <> 'void'
                ORDER BY part.state = 'done', part.state = 'look',
                    CASE WHEN part.claimed_by IS NOT NULL AND part.claimed_until > %1$s THEN 0 ELSE 1 END,
                    part.waiting_for IS NULL, part.id
                LIMIT ?""".formatted(database.clock(), totals);
    }

    /** From the row on which the totals have been read. */
    private static List<RangeStatus> each(ResultSet row) throws SQLException {
        List<RangeStatus> each = new ArrayList<>();
        do {
            String site = row.getString("site");
            // There are totals of no ranges, too.
            if (site != null) {
                String node = row.getString("part_node");
                String waitingFor = row.getString("part_waiting_for");
                each.add(new RangeStatus(
                        site,
                        state(row.getString("state"), waitingFor, node),
                        row.getLong("part_done"),
                        row.getLong("part_expected"),
                        node == null ? 0 : Math.round(row.getDouble("part_rate")),
                        waitingFor,
                        node));
            }
        } while (row.next());
        return each;
    }

    private static RangeStatus.State state(String stored, @Nullable String waitingFor, @Nullable String node) {
        if (!stored.equals("open")) {
            return stored.equals("look") ? RangeStatus.State.LOOK : RangeStatus.State.DONE;
        }
        if (waitingFor != null && (node == null || waitingFor.startsWith(Throttle.Decision.STOPPED))) {
            return RangeStatus.State.HELD;
        }
        return node == null ? RangeStatus.State.OPEN : RangeStatus.State.RUNNING;
    }

    int discard(Connection connection, String change, long epoch) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM segue_range WHERE change_id = ? AND epoch < ? AND state <> 'open'")) {
            delete.setString(1, change);
            delete.setLong(2, epoch);
            return delete.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, PassId pass) throws SQLException {
        bind(statement, 1, pass);
    }

    private static void bind(PreparedStatement statement, int first, PassId pass) throws SQLException {
        statement.setString(first, pass.change());
        statement.setString(first + 1, pass.side().name());
        statement.setLong(first + 2, pass.epoch());
    }
}

package dev.segue.watch;

import dev.segue.database.Database;
import dev.segue.watch.Sighting.Origin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * The statements that were seen to name old columns, in {@code segue_sighting}: a row for each statement and node, so
 * that no two nodes write the same one. Thread-safe.
 */
public final class SightingLog {

    /** More at once would help nobody. */
    private static final int LISTED = 50;

    private static final int LONGEST_CALLER = 500;

    private final DataSource direct;
    private final Database database;
    private final String node;
    private final StatementWatch watch;
    private List<StatementWatch.Seen> unwritten = List.of();

    /** @param node that runs what the watch sees */
    public SightingLog(DataSource direct, Database database, String node, StatementWatch watch) {
        this.direct = direct;
        this.database = database;
        this.node = node;
        this.watch = watch;
    }

    /** Writes down what the watch has seen since the last time. What cannot be written is kept for the next time. */
    public synchronized void write() throws SQLException {
        if (unwritten.isEmpty()) {
            unwritten = watch.collect();
        }
        if (unwritten.isEmpty()) {
            return;
        }
        try (Connection connection = direct.getConnection();
                PreparedStatement upsert = connection.prepareStatement(upsert())) {
            for (StatementWatch.Seen seen : unwritten) {
                String caller = seen.caller();
                upsert.setString(1, seen.change());
                upsert.setString(2, node);
                upsert.setString(3, seen.key());
                upsert.setString(4, seen.origin());
                upsert.setString(5, seen.statement());
                upsert.setString(6, seen.columns());
                upsert.setString(
                        7, caller == null ? null : caller.substring(0, Math.min(LONGEST_CALLER, caller.length())));
                upsert.setLong(8, seen.runs());
                upsert.setLong(
                        9, -Duration.ofNanos(System.nanoTime() - seen.last()).toMillis());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
        unwritten = List.of();
    }

    private String upsert() {
        String insert = """
                INSERT INTO segue_sighting (change_id, node, statement_key, origin, statement, columns_named, caller, runs, last_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, %s)""".formatted(database.clockPlusMillis());
        return insert
                + switch (database) {
                    case POSTGRESQL -> """
                         ON CONFLICT (change_id, node, statement_key) DO UPDATE SET
                        runs = segue_sighting.runs + excluded.runs, last_at = excluded.last_at""";
                    case MYSQL -> """
                         AS now ON DUPLICATE KEY UPDATE
                        runs = segue_sighting.runs + now.runs, last_at = now.last_at""";
                };
    }

    /**
     * Forgets what has not been seen for longer.
     *
     * @param counts whether to forget also what the database has counted before anybody minded
     */
    public void forget(String change, Duration longer, boolean counts) throws SQLException {
        String sql = "DELETE FROM segue_sighting WHERE change_id = ? AND (%s < %s - ?%s)"
                .formatted(
                        database.epochMillis("last_at"),
                        database.epochMillis(database.clock()),
                        counts ? " OR last_at IS NULL" : "");
        try (Connection connection = direct.getConnection();
                PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, change);
            delete.setLong(2, longer.toMillis());
            delete.executeUpdate();
        }
    }

    /** What has been seen of a change by whomever, the latest first. */
    public List<Sighting> read(String change) throws SQLException {
        String sql = """
                SELECT s.statement_key, origin, statement, columns_named, node, caller, runs, %s AS seen, %s AS now, w.operator
                FROM segue_sighting s
                LEFT JOIN segue_waiver w ON w.change_id = s.change_id AND w.waived_key = s.statement_key
                WHERE s.change_id = ? AND last_at IS NOT NULL AND s.statement_key <> '' AND origin <> ?
                ORDER BY last_at DESC LIMIT ?""".formatted(database.epochMillis("last_at"), database.epochMillis(database.clock()));
        List<Sighting> found = new ArrayList<>();
        try (Connection connection = direct.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, change);
            select.setString(2, StatementWatch.Seen.QUERY);
            select.setInt(3, LISTED);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Sighting(
                            row.getString(1),
                            Origin.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                            row.getString(3),
                            row.getString(4),
                            row.getString(5),
                            row.getString(6),
                            row.getLong(7),
                            Instant.ofEpochMilli(row.getLong(8)),
                            Duration.ofMillis(Math.max(0, row.getLong(9) - row.getLong(8))),
                            row.getString(10)));
                }
            }
        }
        return found;
    }
}

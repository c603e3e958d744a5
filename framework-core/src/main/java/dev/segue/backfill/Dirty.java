package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows that have yet to be converted, in {@code segue_dirty}: those that the guard has recorded, and those that were
 * put aside because they do not convert. The latter have a reason, and wait longer from try to try. An entry goes only
 * with the transaction that has looked at its row.
 */
final class Dirty {

    private static final int LONGEST_REASON = 500;

    /** So many rows are named to people. */
    private static final int NAMED = 3;

    private final Database database;

    record Entry(long id, String site, Key key, int attempts) {}

    /**
     * @param recorded entries without a reason
     * @param putAside entries with one
     * @param words the first of these, with table, key and reason, or null
     */
    record Backlog(long recorded, long putAside, @Nullable String words) {

        boolean isEmpty() {
            return recorded + putAside == 0;
        }
    }

    Dirty(Database database) {
        this.database = database;
    }

    /** Notes rows that are to be looked at. */
    void record(Connection connection, String change, String site, List<Key> rows) throws SQLException {
        String sql = "INSERT INTO segue_dirty (change_id, site, row_key, writer, written_at) VALUES (?, ?, ?, 'pass', "
                + database.clock() + ")";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Key row : rows) {
                insert.setString(1, change);
                insert.setString(2, site);
                insert.setString(3, row.encoded());
                insert.addBatch();
            }
            if (!rows.isEmpty()) {
                insert.executeBatch();
            }
        }
    }

    /** Puts rows aside, unless they are already. */
    void putAside(Connection connection, String change, String site, Map<Key, String> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        String sql = """
                INSERT INTO segue_dirty (change_id, site, row_key, writer, written_at, attempts, not_before, reason)
                SELECT ?, ?, ?, 'pass', %1$s, 1, %2$s, ?
                %3$s WHERE NOT EXISTS (SELECT 1 FROM segue_dirty
                    WHERE change_id = ? AND site = ? AND %4$s AND reason IS NOT NULL)""".formatted(
                        database.clock(),
                        database.clockPlusMillis(),
                        database == Database.MYSQL ? "FROM DUAL" : "",
                        // As the index has it: a key may be longer than an index takes.
                        database == Database.MYSQL ? "row_key = ?" : "md5(row_key) = md5(?)");
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Map.Entry<Key, String> row : rows.entrySet()) {
                String key = row.getKey().encoded();
                insert.setString(1, change);
                insert.setString(2, site);
                insert.setString(3, key);
                insert.setLong(4, pause(0).toMillis());
                insert.setString(5, cut(row.getValue()));
                insert.setString(6, change);
                insert.setString(7, site);
                insert.setString(8, key);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Entries that may be tried now, the oldest first. */
    List<Entry> due(Connection connection, String change, int limit) throws SQLException {
        String sql = """
                SELECT id, site, row_key, attempts FROM segue_dirty
                WHERE change_id = ? AND (not_before IS NULL OR not_before <= %s)
                ORDER BY id LIMIT ?""".formatted(database.clock());
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, change);
            select.setInt(2, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(
                            new Entry(row.getLong(1), row.getString(2), Key.decoded(row.getString(3)), row.getInt(4)));
                }
            }
        }
        return entries;
    }

    /** They are done with. */
    void delete(Connection connection, Collection<Entry> entries) throws SQLException {
        if (entries.isEmpty()) {
            return;
        }
        String sql = "DELETE FROM segue_dirty WHERE id IN ("
                + String.join(", ", Collections.nCopies(entries.size(), "?")) + ")";
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            int index = 1;
            for (Entry entry : entries) {
                delete.setLong(index++, entry.id());
            }
            delete.executeUpdate();
        }
    }

    /** They are tried again after a pause. */
    void later(Connection connection, Map<Entry, String> reasons) throws SQLException {
        String sql =
                "UPDATE segue_dirty SET reason = COALESCE(?, reason), attempts = attempts + 1, not_before = %s WHERE id = ?"
                        .formatted(database.clockPlusMillis());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            for (Map.Entry<Entry, String> entry : reasons.entrySet()) {
                update.setString(1, entry.getValue().isEmpty() ? null : cut(entry.getValue()));
                update.setLong(2, pause(entry.getKey().attempts()).toMillis());
                update.setLong(3, entry.getKey().id());
                update.addBatch();
            }
            if (!reasons.isEmpty()) {
                update.executeBatch();
            }
        }
    }

    Backlog backlog(Connection connection, String change) throws SQLException {
        long putAside;
        long all;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT COUNT(*), COUNT(reason) FROM segue_dirty WHERE change_id = ?")) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                all = row.getLong(1);
                putAside = row.getLong(2);
            }
        }
        return new Backlog(all - putAside, putAside, words(connection, change, all - putAside, putAside));
    }

    private @Nullable String words(Connection connection, String change, long recorded, long putAside)
            throws SQLException {
        List<String> words = new ArrayList<>();
        if (putAside > 0) {
            words.add(putAside + " row(s) that do not convert: " + named(connection, change)
                    + (putAside > NAMED
                            ? "; and " + (putAside - NAMED) + " more, with their reasons in segue_dirty"
                            : ""));
        }
        if (recorded > 0) {
            words.add(recorded + " row(s) that the guard has recorded");
        }
        return words.isEmpty() ? null : String.join("; ", words);
    }

    private static String named(Connection connection, String change) throws SQLException {
        String sql =
                "SELECT site, row_key, reason FROM segue_dirty WHERE change_id = ? AND reason IS NOT NULL ORDER BY id LIMIT "
                        + NAMED;
        List<String> named = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    named.add(row.getString(1) + " "
                            + Key.decoded(row.getString(2)).parts().stream().collect(Collectors.joining(",")) + " ("
                            + row.getString(3) + ")");
                }
            }
        }
        return String.join("; ", named);
    }

    /** From a quarter of a second to half a minute. */
    private static Duration pause(int attempts) {
        return Duration.ofMillis(250L << Math.min(7, attempts));
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}

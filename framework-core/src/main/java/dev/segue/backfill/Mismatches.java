package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows that were found to differ, in {@code segue_mismatch}: the first of them, by key and never by value. */
final class Mismatches {

    /** More would be no help to anybody. */
    static final int LISTED = 100;

    private final Database database;

    record Entry(long id, String site, Key key) {

        /** For people. */
        String words() {
            return site + " " + String.join(",", key.parts());
        }
    }

    Mismatches(Database database) {
        this.database = database;
    }

    List<Entry> list(Connection connection, String change) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, site, row_key FROM segue_mismatch WHERE change_id = ? ORDER BY id")) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Entry(row.getLong(1), row.getString(2), Key.decoded(row.getString(3))));
                }
            }
        }
        return entries;
    }

    /** Adds those that are not there, as long as there is room. To be called under the change's lock. */
    void add(Connection connection, String change, String site, List<Key> keys) throws SQLException {
        List<Entry> known = list(connection, change);
        List<Key> added = keys.stream()
                .filter(key -> known.stream()
                        .noneMatch(entry ->
                                entry.site().equals(site) && entry.key().equals(key)))
                .limit(LISTED - Math.min(LISTED, known.size()))
                .toList();
        String sql = "INSERT INTO segue_mismatch (change_id, site, row_key, seen_at) VALUES (?, ?, ?, "
                + database.clock() + ")";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Key key : added) {
                insert.setString(1, change);
                insert.setString(2, site);
                insert.setString(3, key.encoded());
                insert.addBatch();
            }
            if (!added.isEmpty()) {
                insert.executeBatch();
            }
        }
    }

    void delete(Connection connection, List<Entry> entries) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM segue_mismatch WHERE id = ?")) {
            for (Entry entry : entries) {
                delete.setLong(1, entry.id());
                delete.addBatch();
            }
            if (!entries.isEmpty()) {
                delete.executeBatch();
            }
        }
    }
}

package dev.segue.fleet;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the guard has caught. Its trigger only appends a row for each write, because a counter would be one hot row for
 * all writers; here the rows become counts and lines of the journal.
 */
public final class GuardReports {

    /** How many rows are counted at once, so that a bulk update by a script does not hold the change's row for long. */
    private static final int AT_ONCE = 2_000;

    private final Registry registry;

    public GuardReports(Registry registry) {
        this.registry = registry;
    }

    /**
     * Counts what has been caught since the last time, by writer.
     *
     * @return the number of writes by who made them; empty if there were none
     */
    public Map<String, Long> collect(String change) throws SQLException {
        return registry.underLock(change, locked -> {
            Map<String, Long> hits = take(locked.connection(), change);
            for (Map.Entry<String, Long> hit : hits.entrySet()) {
                locked.journal(
                        "guard", null, null, "%d one-sided writes by %s".formatted(hit.getValue(), hit.getKey()));
                locked.countHits(hit.getKey(), hit.getValue());
            }
            return hits;
        });
    }

    /** Removes exactly the rows that it counts: a writer may commit one with a lower id at any moment. */
    private static Map<String, Long> take(Connection connection, String change) throws SQLException {
        Map<String, Long> hits = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT id, writer FROM segue_guard_hit WHERE change_id = ? ORDER BY id LIMIT ?");
                PreparedStatement delete = connection.prepareStatement("DELETE FROM segue_guard_hit WHERE id = ?")) {
            select.setString(1, change);
            select.setInt(2, AT_ONCE);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    hits.merge(row.getString(2), 1L, Long::sum);
                    delete.setLong(1, row.getLong(1));
                    delete.addBatch();
                }
            }
            if (!hits.isEmpty()) {
                delete.executeBatch();
            }
        }
        return hits;
    }
}

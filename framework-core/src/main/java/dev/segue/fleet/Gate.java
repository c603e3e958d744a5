package dev.segue.fleet;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Keeps the batches of many workers from delaying a move. Whoever raises the epoch waits for the locks of all ranges, one
 * after the other, and meanwhile their workers would begin batch after batch. So every batch shares a lock of its change
 * first, and who raises the epoch takes it: then no further batch begins, and the wait is that for the batches that run.
 *
 * <p>It must be a lock with a queue, in which nobody who shares it overtakes the one who wants it alone: on PostgreSQL an
 * advisory lock, because a row's lock is shared by newcomers as long as anybody shares it; on MySQL a row.
 *
 * <p>Held until the transaction ends. Stateless.
 */
public final class Gate {

    private final Database database;

    public Gate(Database database) {
        this.database = database;
    }

    /** Passes the gate, for a batch of that range. */
    public void pass(Connection connection, long range) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL ->
                "SELECT pg_advisory_xact_lock_shared(hashtextextended('segue gate ' || change_id, 0))"
                        + " FROM segue_range WHERE id = ?";
            case MYSQL ->
                "SELECT change_id FROM segue_gate"
                        + " WHERE change_id = (SELECT change_id FROM segue_range WHERE id = ?) FOR SHARE";
        };
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setLong(1, range);
            select.executeQuery().close();
        }
    }

    /** Closes the gate until this transaction ends, once the batches that have passed it are over. */
    void close(Connection connection, String change) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT pg_advisory_xact_lock(hashtextextended('segue gate ' || ?, 0))";
            case MYSQL -> "SELECT change_id FROM segue_gate WHERE change_id = ? FOR UPDATE";
        };
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, change);
            select.executeQuery().close();
        }
    }

    /** Makes the gate of a change, unless it is there. */
    void make(Connection connection, String change) throws SQLException {
        if (database == Database.MYSQL) {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT IGNORE INTO segue_gate (change_id) VALUES (?)")) {
                insert.setString(1, change);
                insert.executeUpdate();
            }
        }
    }
}

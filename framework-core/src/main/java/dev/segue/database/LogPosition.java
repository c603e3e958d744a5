package dev.segue.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A point in the log of a database that its replicas pass: PostgreSQL's LSN, MySQL's set of GTIDs. Immutable.
 *
 * @param text as the database writes it
 */
public record LogPosition(Database database, String text) {

    /**
     * The end of the log now: behind it is everything that has been committed before.
     *
     * @throws SQLException if the server does not tell, as MySQL without GTIDs; the message says what would help
     */
    public static LogPosition now(Connection primary, Database database) throws SQLException {
        try (Statement statement = primary.createStatement();
                ResultSet row = statement.executeQuery(
                        switch (database) {
                            // What has been inserted: a commit that does not wait for the disk is visible before it is
                            // written.
                            case POSTGRESQL -> "SELECT pg_current_wal_insert_lsn()::text, 'ON'";
                            case MYSQL -> "SELECT @@GLOBAL.gtid_executed, @@GLOBAL.gtid_mode";
                        })) {
            row.next();
            if (!row.getString(2).equals("ON")) {
                throw new SQLException("the primary runs without GTIDs (gtid_mode is " + row.getString(2)
                        + "), so nobody can tell what a replica has applied");
            }
            return new LogPosition(database, row.getString(1));
        }
    }

    /**
     * Whether a replica has applied everything up to here.
     *
     * @throws SQLException if it cannot be told, as of a server that is no replica
     */
    public boolean isPassedBy(Connection replica) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT pg_last_wal_replay_lsn() >= CAST(? AS pg_lsn), pg_is_in_recovery()";
            case MYSQL -> "SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed), TRUE";
        };
        try (PreparedStatement select = replica.prepareStatement(sql)) {
            select.setString(1, text);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (!row.getBoolean(2)) {
                    throw new SQLException("it is no replica");
                }
                return row.getBoolean(1);
            }
        }
    }
}

package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How long a batch waits for a lock that cannot be skipped: that of a row which a foreign key or a user's trigger leads to,
 * or of a key that somebody else is inserting. On PostgreSQL so shortly that whoever waits for the batch in the meantime is
 * never taken for the other half of a deadlock; MySQL knows no less than its seconds, so there what a foreign key leads to
 * is locked before, without waiting ({@link Parents}).
 */
final class LockWait {

    static final int MILLIS = 20;

    private static final String POSTGRESQL_NOT_AVAILABLE = "55P03";
    private static final int MYSQL_NOWAIT = 3572;

    private LockWait() {}

    /** From here to the end of the open transaction. */
    static void bound(Connection connection, Database database) throws SQLException {
        if (database == Database.POSTGRESQL) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET LOCAL lock_timeout = " + MILLIS);
            }
        }
    }

    /** Whether a statement has failed because a row leads to one that somebody else has locked. */
    static boolean isOver(Database database, SQLException e) {
        return switch (database) {
            case POSTGRESQL -> POSTGRESQL_NOT_AVAILABLE.equals(e.getSQLState());
            case MYSQL -> isRefused(e);
        };
    }

    /** Whether MySQL has refused a lock that was not to be waited for. It has taken back nothing. */
    static boolean isRefused(SQLException e) {
        return e.getErrorCode() == MYSQL_NOWAIT;
    }
}

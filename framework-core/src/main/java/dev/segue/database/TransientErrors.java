package dev.segue.database;

import java.sql.SQLException;
import java.util.Set;

/** The errors after which the same work may succeed when it is tried again; all others are not retried. */
public final class TransientErrors {

    /** Serialization failure, deadlock, lock not available. */
    private static final Set<String> POSTGRESQL_STATES = Set.of("40001", "40P01", "55P03");

    /** Lock wait timeout, deadlock, lock not available at once. */
    private static final Set<Integer> MYSQL_CODES = Set.of(1205, 1213, 3572);

    private TransientErrors() {}

    /** Whether the database has asked for a retry: the transaction lost against another one, nothing else is wrong. */
    public static boolean isTransient(Database database, SQLException e) {
        return switch (database) {
            case POSTGRESQL -> e.getSQLState() != null && POSTGRESQL_STATES.contains(e.getSQLState());
            case MYSQL -> MYSQL_CODES.contains(e.getErrorCode());
        };
    }
}

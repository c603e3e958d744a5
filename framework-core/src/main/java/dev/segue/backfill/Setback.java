package dev.segue.backfill;

import dev.segue.database.Database;
import dev.segue.database.TransientErrors;
import java.sql.SQLException;
import java.util.Set;

/** The errors after which a smaller batch may succeed: lost deadlocks, lock waits and statements that took too long. */
final class Setback {

    /** Statement timeout or cancellation. */
    private static final String POSTGRESQL_CANCELED = "57014";

    /** Query interrupted, and its time exceeded. */
    private static final Set<Integer> MYSQL_CODES = Set.of(1317, 3024);

    private Setback() {}

    static boolean is(Database database, SQLException e) {
        return TransientErrors.isTransient(database, e)
                || switch (database) {
                    case POSTGRESQL -> POSTGRESQL_CANCELED.equals(e.getSQLState());
                    case MYSQL -> MYSQL_CODES.contains(e.getErrorCode());
                };
    }
}

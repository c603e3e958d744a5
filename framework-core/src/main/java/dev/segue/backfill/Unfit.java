package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.SQLException;
import java.util.Set;

/** The errors by which a database says that it cannot hold or compute a value: the row is put aside. */
final class Unfit {

    /** Data truncated, incorrect value, incorrect value of a function, incorrect date, violated check, not of a UUID. */
    private static final Set<Integer> MYSQL_CODES = Set.of(1265, 1366, 1411, 1525, 3819, 3854);

    /** A subquery that has more than one row for this one. */
    private static final String CARDINALITY = "21000";

    /** What a function of the user's own raises. */
    private static final Set<String> RAISED = Set.of("P0001", "45000");

    private Unfit() {}

    /** Data errors, violated constraints, and what functions raise. */
    static boolean is(Database database, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("22")
                || state.startsWith("23")
                || RAISED.contains(state)
                || CARDINALITY.equals(state)
                || (database == Database.MYSQL && MYSQL_CODES.contains(e.getErrorCode()));
    }

    /** For people; without the message, which likes to quote the value. */
    static String words(SQLException e) {
        return "the database does not take what it converts to (SQL state " + e.getSQLState() + ")";
    }
}

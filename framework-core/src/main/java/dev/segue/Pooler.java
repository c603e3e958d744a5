package dev.segue;

import dev.segue.change.Problem;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Finds out whether connections go through a pooler that gives each transaction another server process, as PgBouncer does
 * in transaction mode. To a server itself, two connections that are open at once never share a process, and none ever
 * changes its own; behind such a pooler one of the two happens at once:
 *
 * <ol>
 *   <li>A first connection asks for its process twice, in two transactions. Each time its process is free again.
 *   <li>A second one begins a transaction. If it is served by the process of the first one, there is a pooler.
 *   <li>The first one asks again. If it was served by different processes, there is a pooler.
 * </ol>
 *
 * <p>What is asked leaves nothing behind, neither with the pooler nor with the server.
 */
final class Pooler {

    private static final int LOOKS = 2;

    private static final String PROCESS = "SELECT pg_backend_pid() || '/' || pg_postmaster_start_time()";

    private Pooler() {}

    /**
     * @param where the property that says where these connections go
     * @return what cannot work, if there is one
     */
    static Optional<Problem> before(DataSource dataSource, String where, String value) throws SQLException {
        for (int look = 0; look < LOOKS; look++) {
            if (isSeen(dataSource)) {
                return Optional.of(new Problem(
                        where,
                        value,
                        "The connections go through a pooler that gives each transaction another server process (PgBouncer"
                                + " in transaction mode?). What belongs to a session gets lost there: the lock under which"
                                + " one node works on a change, the settings of an index build, the bounds of a stopped"
                                + " process.",
                        "Set segue.direct-url to the JDBC URL of the database itself, for schema changes, leases and"
                                + " workers. The application's own connections may stay as they are."));
            }
        }
        return Optional.empty();
    }

    private static boolean isSeen(DataSource dataSource) throws SQLException {
        try (Connection first = dataSource.getConnection();
                Connection second = dataSource.getConnection()) {
            String before = process(first);
            String again = process(first);
            second.setAutoCommit(false);
            try {
                return !again.equals(before)
                        || process(second).equals(before)
                        || !process(first).equals(before);
            } finally {
                second.rollback();
                second.setAutoCommit(true);
            }
        }
    }

    private static String process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PROCESS)) {
            row.next();
            return row.getString(1);
        }
    }
}

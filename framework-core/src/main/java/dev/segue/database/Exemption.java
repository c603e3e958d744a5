package dev.segue.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How Segue's own workers tell its triggers that they know what they do: on PostgreSQL by a setting that ends with the
 * transaction, on MySQL, which has no such thing, by a session variable that is taken back at once.
 */
public final class Exemption {

    private static final String SETTING = "segue.worker";
    private static final String VARIABLE = "@segue_worker";

    private Exemption() {}

    /** What is done under the exemption. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** A condition that is true, never null, in every session but those of Segue's workers. */
    public static String notExempt(Database database) {
        return switch (database) {
            case POSTGRESQL -> "pg_catalog.current_setting('" + SETTING + "', true) IS DISTINCT FROM 'on'";
            case MYSQL -> VARIABLE + " IS NULL";
        };
    }

    /** Works in the open transaction of a connection, unseen by the triggers. */
    public static <T> T during(Connection connection, Database database, Work<T> work) throws SQLException {
        return switch (database) {
            case POSTGRESQL -> {
                run(connection, "SET LOCAL " + SETTING + " = 'on'");
                yield work.run();
            }
            case MYSQL -> {
                run(connection, "SET " + VARIABLE + " = 1");
                try {
                    yield work.run();
                } finally {
                    // A connection that is broken takes the variable with it.
                    if (!connection.isClosed()) {
                        run(connection, "SET " + VARIABLE + " = NULL");
                    }
                }
            }
        };
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

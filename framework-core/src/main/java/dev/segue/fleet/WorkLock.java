package dev.segue.fleet;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The right to run stages of one change, held by at most one node. It is a lock of the database session, so it is gone
 * with the process that held it. It only keeps nodes from doing the same work twice; that a node which lags does no
 * harm is ensured where the statements run.
 */
public final class WorkLock implements AutoCloseable {

    private final Connection connection;
    private final Database database;
    private final String name;

    private WorkLock(Connection connection, Database database, String name) {
        this.connection = connection;
        this.database = database;
        this.name = name;
    }

    /** Takes the lock, or nothing if another node has it. Does not wait. */
    public static Optional<WorkLock> tryAcquire(DataSource direct, Database database, String change)
            throws SQLException {
        Connection connection = direct.getConnection();
        try {
            String name = name(connection.getCatalog(), change);
            if (take(connection, database, name)) {
                return Optional.of(new WorkLock(connection, database, name));
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
    }

    /**
     * What the lock is called: with the database in it, because on MySQL the whole server shares the names; of 64
     * characters at most.
     */
    public static String name(String catalog, String change) {
        return "segue:" + Integer.toHexString((catalog + "." + change).hashCode()) + ":"
                + change.substring(0, Math.min(change.length(), 40));
    }

    private static boolean take(Connection connection, Database database, String name) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT pg_try_advisory_lock(hashtextextended(?, 0))";
            case MYSQL -> "SELECT GET_LOCK(?, 0)";
        };
        return ask(connection, sql, name);
    }

    @Override
    public void close() throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT pg_advisory_unlock(hashtextextended(?, 0))";
            case MYSQL -> "SELECT RELEASE_LOCK(?)";
        };
        try (connection) {
            ask(connection, sql, name);
        }
    }

    private static boolean ask(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}

package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;

/**
 * A worker's connection: READ COMMITTED, without auto-commit, and bounded by the server itself. A process that is
 * stopped in the middle of a batch holds the lock of its range, and whoever raises the epoch waits for that; so the
 * server ends a transaction that stays silent. Nothing waits long for a lock either: a batch can always be tried again.
 *
 * <p>The settings are put back before the connection goes back to where it came from.
 */
final class Session implements AutoCloseable {

    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration LOCK = Duration.ofSeconds(2);
    private static final Duration METADATA_LOCK = Duration.ofSeconds(5);

    private final Connection connection;
    private final Database database;
    private final boolean autoCommit;
    private final int isolation;
    private final Map<String, String> before = new LinkedHashMap<>();

    private Session(Connection connection, Database database) throws SQLException {
        this.connection = connection;
        this.database = database;
        this.autoCommit = connection.getAutoCommit();
        this.isolation = connection.getTransactionIsolation();
    }

    /** Takes a connection and bounds it; no statement runs longer than that. */
    static Session open(DataSource direct, Database database, Duration statement) throws SQLException {
        Connection connection = direct.getConnection();
        Session session;
        try {
            session = new Session(connection, database);
        } catch (SQLException e) {
            try (connection) {
                throw e;
            }
        }
        try {
            session.bound(statement);
            return session;
        } catch (SQLException e) {
            try (session) {
                throw e;
            }
        }
    }

    Connection connection() {
        return connection;
    }

    /**
     * Makes the text of a MySQL TIMESTAMP the same on every node and in every hour, also in the one that a time zone
     * has twice.
     */
    void inUtc() throws SQLException {
        if (database == Database.MYSQL && !before.containsKey("time_zone")) {
            set("time_zone", "+00:00");
        }
    }

    private void bound(Duration statement) throws SQLException {
        // Settings of a transaction that is rolled back would be undone with it.
        connection.setAutoCommit(true);
        switch (database) {
            case POSTGRESQL -> {
                set("statement_timeout", String.valueOf(statement.toMillis()));
                set("idle_in_transaction_session_timeout", String.valueOf(SILENCE.toMillis()));
                set("lock_timeout", String.valueOf(LOCK.toMillis()));
            }
            case MYSQL -> {
                // Of statements that write, MySQL cannot bound the time; the size of a batch does.
                set("max_execution_time", String.valueOf(statement.toMillis()));
                set("wait_timeout", String.valueOf(SILENCE.toSeconds()));
                // How many rows a table has would else be what was looked up a day ago.
                set("information_schema_stats_expiry", "0");
                set("innodb_lock_wait_timeout", String.valueOf(LOCK.toSeconds()));
                set("lock_wait_timeout", String.valueOf(METADATA_LOCK.toSeconds()));
            }
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
    }

    private void set(String name, String value) throws SQLException {
        before.put(name, read(name));
        write(name, value);
    }

    private String read(String name) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT current_setting('" + name + "')";
            case MYSQL -> "SELECT @@SESSION." + name;
        };
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private void write(String name, String value) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT set_config('" + name + "', ?, false)";
            // A number must not be quoted there.
            case MYSQL -> "SET SESSION " + name + " = " + (name.equals("time_zone") ? "?" : Long.parseLong(value));
        };
        try (PreparedStatement set = connection.prepareStatement(sql)) {
            if (sql.contains("?")) {
                set.setString(1, value);
            }
            set.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            for (Map.Entry<String, String> setting : before.entrySet()) {
                write(setting.getKey(), setting.getValue());
            }
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(autoCommit);
        }
    }
}

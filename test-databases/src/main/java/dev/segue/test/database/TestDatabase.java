package dev.segue.test.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * A database of a test's own, empty at first, dropped by {@link #close()}.
 *
 * <p>The account may do everything on the server. {@link #execute}, {@link #rows} and {@link #value} open a connection
 * each, commit statement by statement and throw an {@link IllegalStateException} that names the statement and has the
 * {@link SQLException} as its cause.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class TestDatabase implements AutoCloseable {

    private final Login login;
    private final String name;

    TestDatabase(Login login, String name) {
        this.login = login;
        this.name = name;
    }

    public Engine engine() {
        return login.engine();
    }

    /** The name on the server, unique within this JVM. */
    public String name() {
        return name;
    }

    /** The JDBC URL without account. */
    public String url() {
        return login.url(name);
    }

    public String username() {
        return login.username();
    }

    public String password() {
        return login.password();
    }

    /** The same database, reached through another port of this machine. */
    public TestDatabase through(int port) {
        return new TestDatabase(login.through(port), name);
    }

    /** The driver's own data source: not pooled, each connection is a new one. */
    public DataSource dataSource() {
        return login.dataSource(name);
    }

    /** Opens a connection, which the caller closes. */
    public Connection connect() throws SQLException {
        return login.connect(name);
    }

    /** Executes the statements one after the other on one connection. */
    public void execute(String... sql) {
        String current = "connect";
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                current = each;
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw failed(current, e);
        }
    }

    /**
     * The rows of a query in order, each from column label (as the driver reports it) to value, in the order of the
     * columns. A value is what {@link ResultSet#getObject(int)} gives, so {@code null} for NULL.
     */
    public List<Map<String, @Nullable Object>> rows(String sql, @Nullable Object... args) {
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, args);
                ResultSet found = statement.executeQuery()) {
            ResultSetMetaData columns = found.getMetaData();
            List<Map<String, @Nullable Object>> rows = new ArrayList<>();
            while (found.next()) {
                Map<String, @Nullable Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnLabel(i), found.getObject(i));
                }
                rows.add(Collections.unmodifiableMap(row));
            }
            return List.copyOf(rows);
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /**
     * The only value of a query of one row, its first column, {@code null} for NULL. Numbers are converted to
     * {@link Long}, {@link Integer} and {@link Boolean} alike on both engines; {@link String} gives the text of any
     * type. Whether NULL is possible the test knows and not the type, hence the return type without nullness.
     *
     * @throws IllegalStateException if there is no row or more than one
     */
    @NullUnmarked
    public <T> T value(String sql, Class<T> type, Object... args) {
        try (Connection connection = connect();
                PreparedStatement statement = prepare(connection, sql, args);
                ResultSet found = statement.executeQuery()) {
            if (!found.next()) {
                throw new IllegalStateException("One row expected, none found: " + sql);
            }
            T value = type.cast(converted(found, type));
            if (found.next()) {
                throw new IllegalStateException("One row expected, more found: " + sql);
            }
            return value;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /**
     * Ends the connections that are left and drops the database. Does nothing more when done again, nor when the
     * server is stopped: then the database goes with the server.
     */
    @Override
    public void close() {
        try {
            login.engine().drop(login, name);
        } catch (SQLException e) {
            if (!isGone(e)) {
                throw new IllegalStateException("Cannot drop database " + name + " at " + url(), e);
            }
        }
    }

    @Override
    public String toString() {
        return login.engine().product() + " database " + url();
    }

    private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... args)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < args.length; i++) {
            statement.setObject(i + 1, args[i]);
        }
        return statement;
    }

    private static @Nullable Object converted(ResultSet found, Class<?> type) throws SQLException {
        Object raw = found.getObject(1);
        if (raw == null || type.isInstance(raw)) {
            return raw;
        }
        if (type == String.class) {
            return found.getString(1);
        }
        if (raw instanceof Number number) {
            if (type == Long.class) {
                return found.getLong(1);
            }
            if (type == Integer.class) {
                return found.getInt(1);
            }
            if (type == Boolean.class) {
                return number.longValue() != 0;
            }
        }
        return found.getObject(1, type);
    }

    /** The server is down (SQLSTATE class 08) or knows no such database (PostgreSQL's 3D000). */
    private static boolean isGone(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("08") || state.equals("3D000"));
    }

    private IllegalStateException failed(String sql, SQLException e) {
        return new IllegalStateException(e.getMessage() + " [on " + this + ": " + sql + "]", e);
    }
}

package dev.segue.test.kit;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Reads off a database what a rehearsal wants to know, over a connection of its own. Thread-safe. */
final class CopyGauge implements AutoCloseable {

    /** Sessions that have just ended are counted for a moment. */
    private static final int LOOKS = 10;

    /**
     * What a table takes on disk.
     *
     * @param table in bytes, with its large values
     * @param indexes in bytes
     */
    record Size(long table, long indexes) {

        static final Size NONE = new Size(0, 0);

        Size plus(Size other) {
            return new Size(table + other.table, indexes + other.indexes);
        }

        Size minus(Size other) {
            return new Size(table - other.table, indexes - other.indexes);
        }
    }

    private final DataSource source;
    private final Connection connection;
    private final Database database;

    private CopyGauge(DataSource source, Connection connection) throws SQLException {
        this.source = source;
        this.connection = connection;
        this.database = Database.of(connection);
        if (database == Database.MYSQL) {
            // Else sizes are as old as a day.
            execute("SET SESSION information_schema_stats_expiry = 0");
        }
    }

    static CopyGauge connect(String url, String username, String password) throws SQLException {
        DataSource source = new DriverManagerDataSource(url, username, password);
        Connection connection = source.getConnection();
        try {
            return new CopyGauge(source, connection);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    Database database() {
        return database;
    }

    /** Opens a connection, which the caller closes. */
    Connection open() throws SQLException {
        return source.getConnection();
    }

    /** Product and version. */
    String server() throws SQLException {
        return connection.getMetaData().getDatabaseProductName() + " "
                + connection.getMetaData().getDatabaseProductVersion();
    }

    /** How many other sessions are connected to this database, as far as this user may see them. */
    long strangers() throws SQLException, InterruptedException {
        String sql = switch (database) {
            case POSTGRESQL ->
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()"
                        + " AND coalesce(backend_type, 'client backend') = 'client backend'";
            case MYSQL ->
                "SELECT count(*) FROM information_schema.processlist WHERE db = DATABASE()"
                        + " AND id <> CONNECTION_ID()";
        };
        long found = number(sql);
        for (int look = 1; found > 0 && look < LOOKS; look++) {
            Thread.sleep(200);
            found = number(sql);
        }
        return found;
    }

    /** Whether a node is registered in the database at the other end of a connection. */
    static boolean knows(Connection there, String node) throws SQLException {
        try (PreparedStatement select =
                there.prepareStatement("SELECT count(*) FROM segue_participant WHERE node = ?")) {
            select.setString(1, node);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1) > 0;
            }
        }
    }

    long rows(TableName table) throws SQLException {
        return number("SELECT count(*) FROM " + table.quoted(database));
    }

    synchronized Size size(TableName table) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT pg_table_size(t), pg_indexes_size(t) FROM (SELECT CAST(? AS regclass) t) s";
            case MYSQL ->
                "SELECT data_length, index_length FROM information_schema.tables"
                        + " WHERE table_schema = coalesce(?, DATABASE()) AND table_name = ?";
        };
        if (database == Database.MYSQL) {
            execute("ANALYZE NO_WRITE_TO_BINLOG TABLE " + table.quoted(database));
        }
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            if (database == Database.POSTGRESQL) {
                select.setString(1, table.quoted(database));
            } else {
                select.setString(1, table.schema());
                select.setString(2, table.name());
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Size(row.getLong(1), row.getLong(2)) : Size.NONE;
            }
        }
    }

    /**
     * The end of the log that replicas and archives get, in bytes from some beginning: PostgreSQL's WAL, MySQL's binary log.
     * Empty if the server writes none, or does not tell this user.
     */
    synchronized OptionalLong log() {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        switch (database) {
                            case POSTGRESQL -> "SELECT '', pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')";
                            case MYSQL -> "SHOW BINARY LOGS";
                        })) {
            long bytes = 0;
            while (rows.next()) {
                bytes += rows.getLong(2);
            }
            return OptionalLong.of(bytes);
        } catch (SQLException e) {
            return OptionalLong.empty();
        }
    }

    private synchronized long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

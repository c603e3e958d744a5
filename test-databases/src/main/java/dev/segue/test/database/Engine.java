package dev.segue.test.database;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The databases that tests run on, and what differs between them in creating and dropping a database. */
public enum Engine {
    POSTGRESQL("PostgreSQL", "postgres") {
        @Override
        String url(String host, int port, String database) {
            return "jdbc:postgresql://%s:%d/%s?socketTimeout=%d"
                    .formatted(host, port, database, ANSWER_LIMIT.toSeconds());
        }

        @Override
        DataSource dataSource(String url, String username, String password) {
            PGSimpleDataSource dataSource = new PGSimpleDataSource();
            dataSource.setUrl(url);
            dataSource.setUser(username);
            dataSource.setPassword(password);
            return dataSource;
        }

        @Override
        String versionQuery() {
            // Debian's builds say "18.6 (Debian 18.6-1)".
            return "select split_part(current_setting('server_version'), ' ', 1)";
        }

        /** A prepared transaction outlives its connection and would keep FORCE from working. */
        @Override
        void drop(Login login, String database) throws SQLException {
            try (Connection own = login.connect(database);
                    Statement statement = own.createStatement()) {
                for (String id :
                        strings(own, "select gid from pg_prepared_xacts where database = current_database()")) {
                    statement.execute("rollback prepared '" + id.replace("'", "''") + "'");
                }
            }
            try (Connection admin = login.connect();
                    Statement statement = admin.createStatement()) {
                statement.execute("drop database if exists " + database + " with (force)");
            }
        }
    },

    MYSQL("MySQL", "mysql") {
        /** Without TLS the driver has to ask for the server's key before it may send a password. */
        @Override
        String url(String host, int port, String database) {
            return "jdbc:mysql://%s:%d/%s?useSSL=false&allowPublicKeyRetrieval=true&socketTimeout=%d"
                    .formatted(host, port, database, ANSWER_LIMIT.toMillis());
        }

        @Override
        DataSource dataSource(String url, String username, String password) {
            MysqlDataSource dataSource = new MysqlDataSource();
            dataSource.setUrl(url);
            dataSource.setUser(username);
            dataSource.setPassword(password);
            return dataSource;
        }

        @Override
        String versionQuery() {
            return "select version()";
        }

        /** An open transaction holds metadata locks, for which DROP DATABASE would wait a year. */
        @Override
        void drop(Login login, String database) throws SQLException {
            try (Connection admin = login.connect();
                    Statement statement = admin.createStatement()) {
                statement.execute("set session lock_wait_timeout = 10");
                for (String id :
                        strings(admin, "select id from information_schema.processlist where db = ?", database)) {
                    try {
                        statement.execute("kill " + id);
                    } catch (SQLException e) {
                        if (e.getErrorCode() != NO_SUCH_THREAD) {
                            throw e;
                        }
                    }
                }
                statement.execute("drop database if exists " + database);
            }
        }
    };

    /** What waits for a lock longer than this waits for ever: neither server gives up by itself. */
    private static final Duration ANSWER_LIMIT = Duration.ofMinutes(10);

    /** MySQL's ER_NO_SUCH_THREAD: the connection ended by itself in the meantime. */
    private static final int NO_SUCH_THREAD = 1094;

    private final String product;
    private final String maintenanceDatabase;

    Engine(String product, String maintenanceDatabase) {
        this.product = product;
        this.maintenanceDatabase = maintenanceDatabase;
    }

    /** The name as its makers write it. */
    String product() {
        return product;
    }

    /** A database that is always there, to be connected to while others are created and dropped. */
    String maintenanceDatabase() {
        return maintenanceDatabase;
    }

    abstract String url(String host, int port, String database);

    abstract DataSource dataSource(String url, String username, String password);

    abstract String versionQuery();

    /** Drops a database and ends whatever still uses it. */
    abstract void drop(Login login, String database) throws SQLException;

    private static List<String> strings(Connection connection, String sql, String... args) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < args.length; i++) {
                statement.setString(i + 1, args[i]);
            }
            try (ResultSet found = statement.executeQuery()) {
                List<String> strings = new ArrayList<>();
                while (found.next()) {
                    strings.add(found.getString(1));
                }
                return strings;
            }
        }
    }
}

package dev.segue.test.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Where a server listens and the account that may do everything there. */
record Login(Engine engine, String host, int port, String username, String password) {

    /** Counts over all servers, so that a name in a log means one database of this JVM. */
    private static final AtomicInteger CREATED = new AtomicInteger();

    /** The same server, reached through another port of this machine. */
    Login through(int otherPort) {
        return new Login(engine, "127.0.0.1", otherPort, username, password);
    }

    String url(String database) {
        return engine.url(host, port, database);
    }

    DataSource dataSource(String database) {
        return engine.dataSource(url(database), username, password);
    }

    Connection connect(String database) throws SQLException {
        return dataSource(database).getConnection();
    }

    Connection connect() throws SQLException {
        return connect(engine.maintenanceDatabase());
    }

    /** Succeeds only when the server accepts connections. */
    String version() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery(engine.versionQuery())) {
            version.next();
            return version.getString(1);
        }
    }

    TestDatabase createDatabase() {
        String name = "test_" + CREATED.incrementAndGet();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot create database " + name + " at " + url(""), e);
        }
        return new TestDatabase(this, name);
    }
}

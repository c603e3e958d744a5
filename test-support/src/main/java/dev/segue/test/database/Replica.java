package dev.segue.test.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A server that follows another one and can be read from. Its replay can be held up, so that it lags for real.
 *
 * <p>It ends with {@link #close()} or with the JVM. For one thread.
 */
public final class Replica implements AutoCloseable {

    private final Login login;
    private final DatabaseServer server;

    Replica(Login login, DatabaseServer server) {
        this.login = login;
        this.server = server;
    }

    /** The same database as this server has it. */
    public TestDatabase of(TestDatabase original) {
        return original.through(login.port());
    }

    /** The TCP port on which it is read from, and written to once it has been promoted. */
    public int port() {
        return login.port();
    }

    /** From now on it receives what the other one does, and does not apply it. */
    public void holdUp() {
        execute(
                switch (login.engine()) {
                    case POSTGRESQL -> "select pg_wal_replay_pause()";
                    case MYSQL -> "stop replica sql_thread";
                });
    }

    /** Lets it apply what it has received, and go on. */
    public void letGo() {
        execute(
                switch (login.engine()) {
                    case POSTGRESQL -> "select pg_wal_replay_resume()";
                    case MYSQL -> "start replica sql_thread";
                });
    }

    /** It stops following and takes writes. On return it does; what it had not received by then it never gets. */
    public void promote() {
        switch (login.engine()) {
            case POSTGRESQL -> execute("select pg_promote()");
            case MYSQL ->
                execute(
                        "stop replica",
                        "reset replica all",
                        "set global super_read_only = off",
                        "set global read_only = off");
        }
    }

    private void execute(String... sql) {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " [on " + this + "]", e);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return "replica on " + server;
    }
}

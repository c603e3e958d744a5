package dev.segue.test.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that follows another one and can be read from. Its replay can be held up, so that it lags for real.
 *
 * <p>It ends with {@link #close()} or with the JVM. For one thread.
 */
public final class Replica implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

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

    /** It hears nothing any more: what it has not received by now it never gets. */
    public void cutOff() {
        switch (login.engine()) {
            case POSTGRESQL -> {
                execute("alter system set primary_conninfo = ''", "select pg_reload_conf()");
                awaitNoReceiver();
            }
            case MYSQL -> execute("stop replica");
        }
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

    private void awaitNoReceiver() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (isReceiving()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(this + " does not let go of the server that it follows");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private boolean isReceiving() {
        try (Connection connection = login.connect();
                Statement statement = connection.createStatement();
                ResultSet receiver = statement.executeQuery("select 1 from pg_stat_wal_receiver")) {
            return receiver.next();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage() + " [on " + this + "]", e);
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

package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Throttle signals that a database gives by plain SQL. What its user may not see is an error and not a zero, so that the
 * work stops rather than goes on blindly.
 */
public final class DatabaseSignals {

    /** The lag of a replica, read from its primary and from itself. */
    private record ByBoth(String name, double limit, DataSource primary, DataSource replica, ReplicaLag lag)
            implements ThrottleSignal {

        @Override
        public String unit() {
            return "s";
        }

        /** The primary first: a replica need not have what is written in between. */
        @Override
        public double read() throws SQLException {
            synchronized (lag) {
                try {
                    SqlSignal.ask(primary, statement -> {
                        lag.look(statement);
                        return 0;
                    });
                } catch (SQLException e) {
                    throw new SQLException("its primary does not tell where its log ends: " + e.getMessage(), e);
                }
                return SqlSignal.ask(replica, lag::read);
            }
        }
    }

    private DatabaseSignals() {}

    /** The sessions of the server that are running a statement, without the one that asks. */
    public static ThrottleSignal activeSessions(DataSource source, Database database, int limit) {
        return new SqlSignal(
                "the number of active sessions",
                "sessions",
                limit,
                source,
                switch (database) {
                    case POSTGRESQL -> DatabaseSignals::postgresSessions;
                    case MYSQL -> DatabaseSignals::mysqlSessions;
                });
    }

    /**
     * How far the standbys are behind that a PostgreSQL primary is sending to; 0 if there are none. It is the worse of what
     * they have told and of the age of what they have not replayed, which counts from the second reading on. It cannot be
     * read for some minutes after a standby has lost its connection; of one that had lost it before the first reading nobody
     * here knows: name it by {@link #replicaLag}.
     */
    public static ThrottleSignal standbyLag(DataSource primary, Duration limit) {
        return new SqlSignal("replication lag", "s", seconds(limit), primary, new PostgresStandbys()::lag);
    }

    /**
     * How far a replica is behind: the worse of what it says itself and of the age of what it lacks of its primary's log,
     * which counts from the second reading on. Without a word of both it cannot be read; MySQL's primary needs GTIDs for
     * that.
     *
     * @param name of the replica, for people
     * @param primary whose changes it gets, itself or by way of another replica
     */
    public static ThrottleSignal replicaLag(
            String name, DataSource replica, DataSource primary, Database database, Duration limit) {
        return new ByBoth(
                "the lag of replica " + name,
                seconds(limit),
                primary,
                replica,
                switch (database) {
                    case POSTGRESQL -> new PostgresReplica();
                    case MYSQL -> new MysqlReplica();
                });
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static double postgresSessions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("""
                SELECT count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE query = '<insufficient privilege>'),
                    count(*) FILTER (WHERE state = 'disabled')
                FROM pg_stat_activity WHERE datid IS NOT NULL AND usename IS NOT NULL AND pid <> pg_backend_pid()""")) {
            row.next();
            if (row.getLong(2) > 0) {
                throw new SQLException("this user may not see what the sessions of others do; grant it pg_monitor");
            }
            if (row.getLong(3) > 0) {
                throw new SQLException("the server does not tell what sessions do; set track_activities to on");
            }
            return row.getLong(1);
        }
    }

    private static double mysqlSessions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Threads_running'")) {
            if (!row.next()) {
                throw new SQLException("the server does not tell Threads_running");
            }
            return Math.max(0, row.getLong(2) - 1);
        }
    }
}

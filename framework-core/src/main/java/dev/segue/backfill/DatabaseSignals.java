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

    /** A standby may be that far behind without having told a time yet. */
    private static final long IDLE_BYTES = 16L << 20;

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
     * How far the standbys are behind that a PostgreSQL primary is sending to; 0 if there are none. A standby that has lost
     * its connection is not among them: name it by {@link #replicaLag}.
     */
    public static ThrottleSignal standbyLag(DataSource primary, Duration limit) {
        return new SqlSignal("replication lag", "s", seconds(limit), primary, DatabaseSignals::postgresStandbys);
    }

    /**
     * How far a replica is behind, asked of the replica itself.
     *
     * @param name of the replica, for people
     */
    public static ThrottleSignal replicaLag(String name, DataSource replica, Database database, Duration limit) {
        return new SqlSignal(
                "the lag of replica " + name,
                "s",
                seconds(limit),
                replica,
                switch (database) {
                    case POSTGRESQL -> DatabaseSignals::postgresReplica;
                    case MYSQL -> DatabaseSignals::mysqlReplica;
                });
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static double postgresSessions(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("""
                SELECT count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE query = '<insufficient privilege>')
                FROM pg_stat_activity WHERE datid IS NOT NULL AND usename IS NOT NULL AND pid <> pg_backend_pid()""")) {
            row.next();
            if (row.getLong(2) > 0) {
                throw new SQLException("this user may not see what the sessions of others do; grant it pg_monitor");
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

    private static double postgresStandbys(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("""
                SELECT application_name, replay_lsn IS NULL, extract(epoch FROM replay_lag),
                    pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)
                FROM pg_stat_replication WHERE state IS DISTINCT FROM 'backup'""")) {
            double worst = 0;
            while (row.next()) {
                String standby = row.getString(1);
                if (row.getBoolean(2)) {
                    throw new SQLException(
                            "this user may not see how far standby " + standby + " is; grant it pg_monitor");
                }
                double lag = row.getDouble(3);
                // Idle and stuck look the same by time alone.
                if (row.wasNull() && row.getLong(4) > IDLE_BYTES) {
                    throw new SQLException(
                            "standby " + standby + " is " + row.getLong(4) + " bytes behind and tells no time");
                }
                worst = Math.max(worst, lag);
            }
            return worst;
        }
    }

    private static double postgresReplica(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("""
                SELECT pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_stat_wal_receiver),
                    CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END""")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new SQLException("it is no replica");
            }
            if (!row.getBoolean(2)) {
                throw new SQLException("it receives nothing from its primary");
            }
            double lag = row.getDouble(3);
            if (row.wasNull()) {
                throw new SQLException("it has not replayed a transaction yet");
            }
            return Math.max(0, lag);
        }
    }

    private static double mysqlReplica(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SHOW REPLICA STATUS")) {
            if (!row.next()) {
                throw new SQLException("it is no replica");
            }
            double worst = 0;
            do {
                double lag = row.getDouble("Seconds_Behind_Source");
                if (row.wasNull()) {
                    throw new SQLException("it is not replicating");
                }
                worst = Math.max(worst, lag);
            } while (row.next());
            return worst;
        }
    }
}

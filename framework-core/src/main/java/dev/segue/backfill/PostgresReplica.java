package dev.segue.backfill;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A standby that is asked itself. */
final class PostgresReplica implements ReplicaLag {

    private final LogTrail<Long> trail = new LogTrail<>(System::nanoTime);

    /**
     * A standby gets what is on the primary's disk. An open transaction may have written more, which then can stay where it
     * is for long, and what is on the disk may end amidst a record; so an end counts when the disk has reached it.
     */
    @Override
    public void look(Statement primary) throws SQLException {
        try (ResultSet row = primary.executeQuery("""
                SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'),
                    pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')""")) {
            row.next();
            long onDisk = row.getLong(2);
            trail.note(row.getLong(1), end -> end <= onDisk);
        }
    }

    @Override
    public double read(Statement replica) throws SQLException {
        try (ResultSet row = replica.executeQuery("""
                SELECT pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_stat_wal_receiver),
                    CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                        ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END,
                    pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')""")) {
            row.next();
            if (!row.getBoolean(1)) {
                throw new SQLException("it is no replica");
            }
            if (!row.getBoolean(2)) {
                throw new SQLException("it receives nothing from its primary");
            }
            double said = row.getDouble(3);
            if (row.wasNull()) {
                throw new SQLException("it has not replayed a transaction yet");
            }
            long replayed = row.getLong(4);
            return Math.max(said, trail.lag(end -> end <= replayed));
        }
    }
}

package dev.segue.backfill;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The standbys that a primary is sending to, as it knows them: the worst of what they have told and of what the slowest
 * lacks of its log. Of one that has gone since the last looks nothing can be told. Thread-safe.
 */
final class PostgresStandbys {

    /** A standby may be that far behind without having told a time yet. */
    private static final long IDLE_BYTES = 16L << 20;

    private final LogTrail<Long> trail = new LogTrail<>(System::nanoTime);
    private final RollCall rollCall = new RollCall(System::nanoTime);

    /** In seconds. */
    synchronized double lag(Statement primary) throws SQLException {
        // A logical subscriber says when it likes how far it is.
        try (ResultSet row = primary.executeQuery("""
                SELECT application_name, state IS NULL, write_lsn IS NOT NULL, replay_lsn IS NOT NULL,
                    extract(epoch FROM replay_lag), pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn),
                    NOT EXISTS (SELECT 1 FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical'),
                    pg_wal_lsn_diff(replay_lsn, '0/0'), pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'),
                    pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')
                FROM pg_stat_replication r WHERE state IS DISTINCT FROM 'backup'""")) {
            double worst = 0;
            long slowest = Long.MAX_VALUE;
            Map<String, Integer> present = new HashMap<>();
            while (row.next()) {
                String standby = row.getString(1);
                if (row.getBoolean(2)) {
                    throw new SQLException(
                            "this user may not see how far standby " + standby + " is; grant it pg_monitor");
                }
                if (!row.getBoolean(4)) {
                    if (row.getBoolean(3)) {
                        // It keeps the log and replays nothing, as pg_receivewal.
                        continue;
                    }
                    throw new SQLException("standby " + standby + " has not told yet how far it is");
                }
                double told = row.getDouble(5);
                // Idle and stuck look the same by time alone.
                if (row.wasNull() && row.getLong(6) > IDLE_BYTES) {
                    throw new SQLException(
                            "standby " + standby + " is " + row.getLong(6) + " bytes behind and tells no time");
                }
                boolean physical = row.getBoolean(7);
                long replayed = row.getLong(8);
                long onDisk = row.getLong(10);
                if (physical) {
                    present.merge(standby, 1, Integer::sum);
                    slowest = Math.min(slowest, replayed);
                    note(row.getLong(9), onDisk);
                }
                // What it tells last before it is idle has the time until it told in it.
                if (!physical || replayed < onDisk) {
                    worst = Math.max(worst, told);
                }
            }
            Optional<String> missing = rollCall.missing(present);
            if (missing.isPresent()) {
                throw new SQLException(
                        "standby " + missing.get() + " has lost its connection to the primary, or has been"
                                + " taken away within the last minutes");
            }
            long least = slowest;
            return Math.max(worst, trail.lag(end -> end <= least));
        }
    }

    /**
     * A standby that has replayed something tells of it when it gets more, or after some seconds; so an end counts when the
     * primary's disk is beyond it.
     */
    private void note(long end, long onDisk) {
        trail.note(end, noted -> noted < onDisk);
    }
}

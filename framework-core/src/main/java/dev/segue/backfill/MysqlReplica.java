package dev.segue.backfill;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A replica by GTIDs. */
final class MysqlReplica implements ReplicaLag {

    private final LogTrail<String> trail = new LogTrail<>(System::nanoTime);

    /** A primary that lacks what was noted is another one, or its log has begun anew: then all of it is forgotten. */
    @Override
    public void look(Statement primary) throws SQLException {
        String newest = trail.newest();
        try (PreparedStatement select = primary.getConnection()
                .prepareStatement(
                        "SELECT @@GLOBAL.gtid_executed, @@GLOBAL.gtid_mode, GTID_SUBSET(?, @@GLOBAL.gtid_executed)")) {
            select.setQueryTimeout(primary.getQueryTimeout());
            select.setString(1, newest == null ? "" : newest);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                if (!row.getString(2).equals("ON")) {
                    throw new SQLException(
                            "it runs without GTIDs (gtid_mode is %s); turn them on, or set no limit to the lag"
                                    .formatted(row.getString(2)));
                }
                boolean kept = row.getBoolean(3);
                trail.note(row.getString(1), end -> kept);
            }
        }
    }

    @Override
    public double read(Statement replica) throws SQLException {
        double worst = said(replica);
        try (PreparedStatement select =
                replica.getConnection().prepareStatement("SELECT GTID_SUBSET(?, @@GLOBAL.gtid_executed)")) {
            select.setQueryTimeout(replica.getQueryTimeout());
            return Math.max(worst, trail.lag(end -> {
                select.setString(1, end);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return row.getBoolean(1);
                }
            }));
        }
    }

    /** 0 while it waits for more, however long it has heard nothing. */
    private static double said(Statement replica) throws SQLException {
        try (ResultSet row = replica.executeQuery("SHOW REPLICA STATUS")) {
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

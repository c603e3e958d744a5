package dev.segue.backfill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What operators have said of the work on the rows of a change, as the registry has it.
 *
 * @param pausedBy who lets it rest, or null
 */
record Steering(@Nullable String pausedBy, Tuning tuning) {

    static Steering read(Connection connection, String change) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT paused_by, pace_batch_millis, pace_rows_per_second, pace_workers FROM segue_change WHERE id = ?")) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return new Steering(null, Tuning.NONE);
                }
                Long millis = number(row, 2);
                Long workers = number(row, 4);
                return new Steering(
                        row.getString(1),
                        new Tuning(
                                millis == null ? null : Duration.ofMillis(millis),
                                number(row, 3),
                                workers == null ? null : Math.toIntExact(workers)));
            }
        }
    }

    static void tune(Connection connection, String change, Tuning tuning) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE segue_change SET pace_batch_millis = ?, pace_rows_per_second = ?, pace_workers = ? WHERE id = ?")) {
            Duration time = tuning.targetBatchTime();
            update.setObject(1, time == null ? null : time.toMillis());
            update.setObject(2, tuning.maxRowsPerSecond());
            update.setObject(3, tuning.workers());
            update.setString(4, change);
            update.executeUpdate();
        }
    }

    private static @Nullable Long number(ResultSet row, int column) throws SQLException {
        long number = row.getLong(column);
        return row.wasNull() ? null : number;
    }
}

package dev.segue.backfill;

import dev.segue.backfill.VerificationStatus.State;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far the comparison of each change is, in {@code segue_verification}. */
final class VerificationLog {

    private final Database database;

    /**
     * A comparison as it was last written down.
     *
     * @param site the table that it is at; null before the first row
     * @param cursor the last key of it that is done
     */
    record Run(
            long epoch,
            State state,
            @Nullable String site,
            @Nullable Key cursor,
            long rowsCompared,
            long mismatches,
            long rowsLocked,
            @Nullable String waitingFor,
            @Nullable Duration finishedAgo) {

        static Run begun(long epoch) {
            return new Run(epoch, State.RUNNING, null, null, 0, 0, 0, null, null);
        }

        Run at(String nextSite, Key nextCursor, Comparison.Found found) {
            return new Run(
                    epoch,
                    state,
                    nextSite,
                    nextCursor,
                    rowsCompared + found.rows(),
                    mismatches + found.disagreeing().size(),
                    rowsLocked + found.locked(),
                    waitingFor,
                    finishedAgo);
        }

        Run waiting(@Nullable String nextWaitingFor) {
            return new Run(
                    epoch, state, site, cursor, rowsCompared, mismatches, rowsLocked, nextWaitingFor, finishedAgo);
        }

        Run ended(State how) {
            return new Run(epoch, how, site, cursor, rowsCompared, mismatches, rowsLocked, waitingFor, finishedAgo);
        }

        /** What it has found, once it has seen every row. */
        State result() {
            return mismatches > 0 ? State.MISMATCH : rowsLocked > 0 ? State.UNCERTAIN : State.CLEAN;
        }
    }

    VerificationLog(Database database) {
        this.database = database;
    }

    Optional<Run> read(Connection connection, String change) throws SQLException {
        String sql = """
                SELECT epoch, state, site, cursor_key, rows_compared, mismatches, rows_locked, waiting_for, %s AS now, %s AS finished
                FROM segue_verification WHERE change_id = ?""".formatted(database.epochMillis(database.clock()), database.epochMillis("finished_at"));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String cursor = row.getString("cursor_key");
                long finished = row.getLong("finished");
                boolean never = row.wasNull();
                return Optional.of(new Run(
                        row.getLong("epoch"),
                        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        row.getString("site"),
                        cursor == null ? null : Key.decoded(cursor),
                        row.getLong("rows_compared"),
                        row.getLong("mismatches"),
                        row.getLong("rows_locked"),
                        row.getString("waiting_for"),
                        never ? null : Duration.ofMillis(Math.max(0, row.getLong("now") - finished))));
            }
        }
    }

    /** Writes a comparison that begins, in place of the one before. */
    void begin(Connection connection, String change, String node, Run run) throws SQLException {
        String insert = """
                INSERT INTO segue_verification (change_id, epoch, state, node, rows_compared, mismatches, rows_locked, began_at)
                VALUES (?, ?, 'running', ?, 0, 0, 0, %s)""".formatted(database.clock());
        String again = switch (database) {
            case POSTGRESQL -> """
                     ON CONFLICT (change_id) DO UPDATE SET epoch = excluded.epoch, state = excluded.state,
                    node = excluded.node, site = NULL, cursor_key = NULL, rows_compared = 0, mismatches = 0,
                    rows_locked = 0, waiting_for = NULL, began_at = excluded.began_at""";
            case MYSQL -> """
                     AS again ON DUPLICATE KEY UPDATE epoch = again.epoch, state = again.state,
                    node = again.node, site = NULL, cursor_key = NULL, rows_compared = 0, mismatches = 0,
                    rows_locked = 0, waiting_for = NULL, began_at = again.began_at""";
        };
        try (PreparedStatement statement = connection.prepareStatement(insert + again)) {
            statement.setString(1, change);
            statement.setLong(2, run.epoch());
            statement.setString(3, node);
            statement.executeUpdate();
        }
    }

    /**
     * Writes down how far it is, and how it has ended if it has.
     *
     * @param whole whether it has seen every row
     */
    void write(Connection connection, String change, String node, Run run, boolean whole) throws SQLException {
        String sql = """
                UPDATE segue_verification SET epoch = ?, state = ?, node = ?, site = ?, cursor_key = ?, rows_compared = ?,
                    mismatches = ?, rows_locked = ?, waiting_for = ?, finished_at = CASE WHEN ? THEN %s ELSE finished_at END
                WHERE change_id = ?""".formatted(database.clock());
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setLong(1, run.epoch());
            update.setString(2, run.state().name().toLowerCase(Locale.ROOT));
            update.setString(3, node);
            update.setString(4, run.site());
            update.setString(5, run.cursor() == null ? null : run.cursor().encoded());
            update.setLong(6, run.rowsCompared());
            update.setLong(7, run.mismatches());
            update.setLong(8, run.rowsLocked());
            update.setString(9, Claims.cut(run.waitingFor()));
            update.setBoolean(10, whole);
            update.setString(11, change);
            update.executeUpdate();
        }
    }
}

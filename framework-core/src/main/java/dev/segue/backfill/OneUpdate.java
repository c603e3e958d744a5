package dev.segue.backfill;

import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Repairs rows by one plain UPDATE, on PostgreSQL, where locking each row before costs more than writing it. Such a
 * statement may meet a row that somebody else has locked, and it holds others meanwhile. Nobody suffers from it:
 *
 * <ol>
 *   <li>It waits for a lock {@value LockWait#MILLIS} ms at most. Then it is taken back, with all its locks, and the rows
 *       are repaired in the way that skips what is locked.
 *   <li>It runs at most half of {@code deadlock_timeout}. Whoever waits for a row of it looks for a deadlock only when he has
 *       waited that long, and by then the statement is over: so he is never chosen as the victim because of it.
 *   <li>Both limits hold until the transaction ends, so nothing after it in the batch waits for longer either.
 * </ol>
 *
 * <p>For one thread and one connection.
 */
final class OneUpdate {

    /** A server that looks for deadlocks so early leaves no room for it. */
    private static final long SHORTEST_DEADLOCK_TIMEOUT = 200;

    private final String before;
    private final boolean possible;
    private final Attempts attempts = new Attempts();

    /** The UPDATE. */
    interface Update<T> {
        /** @return what it has come to; nothing if it has to be taken back */
        Optional<T> run() throws SQLException;
    }

    private OneUpdate(long deadlockMillis) {
        this.possible = deadlockMillis >= SHORTEST_DEADLOCK_TIMEOUT;
        // In one round trip.
        this.before = "SAVEPOINT one_update; SET LOCAL lock_timeout = " + LockWait.MILLIS
                + "; SET LOCAL statement_timeout = " + deadlockMillis / 2;
    }

    static OneUpdate of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT CAST(extract(epoch FROM CAST(current_setting('deadlock_timeout') AS interval)) * 1000 AS bigint)")) {
            row.next();
            return new OneUpdate(row.getLong(1));
        }
    }

    /**
     * Tries it, or leaves it be.
     *
     * @return what it has come to; nothing if nothing has been done
     */
    <T> Optional<T> attempt(Connection connection, Update<T> update) throws SQLException {
        if (!possible || !attempts.isDue()) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(before);
            try {
                Optional<T> done = update.run();
                if (done.isPresent()) {
                    attempts.succeeded();
                    return done;
                }
            } catch (SQLException e) {
                if (!Setback.is(Database.POSTGRESQL, e) && !Unfit.is(Database.POSTGRESQL, e)) {
                    throw e;
                }
            }
            // What was set since the savepoint is as it was before.
            statement.execute("ROLLBACK TO SAVEPOINT one_update; RELEASE SAVEPOINT one_update");
        }
        attempts.failed();
        return Optional.empty();
    }
}

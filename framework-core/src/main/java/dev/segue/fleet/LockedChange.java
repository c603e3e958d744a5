package dev.segue.fleet;

import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A change under the lock of its row: what the rule is asked about, and the only place where its answer is written
 * down. Lives as long as the transaction.
 */
public interface LockedChange {

    /** The change as it is now, without participants whose lease has run out. */
    Situation situation();

    /**
     * Writes the next situation down. If its epoch is higher, the ranges of every pass under way are locked in the
     * order of their ids and made void first, so that a worker that lags repairs nothing after the truth has moved.
     */
    void save(Situation next) throws SQLException;

    /** Adds a line to the journal, in this transaction. */
    void journal(String what, @Nullable String from, @Nullable String to, @Nullable String why) throws SQLException;

    /** The connection that holds the lock, for what belongs into the same transaction. */
    Connection connection();
}

package dev.segue.schema;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The recorded intent to run a stage. Asked right before each statement, under a lock that keeps it standing until the
 * statement is over: a node that was paused for long and comes back must not run what others have given up.
 */
@FunctionalInterface
public interface Intent {

    /**
     * Locks the intent in the connection's transaction.
     *
     * @throws SQLException if it no longer stands
     */
    void stillStands(Connection connection) throws SQLException;
}

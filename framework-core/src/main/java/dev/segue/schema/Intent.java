package dev.segue.schema;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Asks, right before a statement changes the schema, whether that is still wanted. It is what makes a process harmless
 * that was stopped for minutes in the middle of a stage while others went another way.
 *
 * <p>The question is asked in a transaction that stays open until the statement is over, so whatever the answer rests on
 * has to be locked by it: {@code SELECT ... FOR SHARE} of the change's row.
 */
@FunctionalInterface
public interface Intent {

    /**
     * Returns if the statement may run.
     *
     * @throws SQLException if it may not; nothing has been done then, and the caller of the stage gets this exception
     */
    void stillStands(Connection connection) throws SQLException;
}

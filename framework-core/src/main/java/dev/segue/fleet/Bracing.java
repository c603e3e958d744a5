package dev.segue.fleet;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks the nodes to brace for a statement that takes a table for itself.
 *
 * <p>On MySQL a transaction that has read a table and then writes it needs a second metadata lock. If a schema change has
 * begun to wait for the table in between, that is a deadlock, and MySQL always ends the transaction. So it is if the
 * transaction has read a table that a foreign key ties to the changed one, and then uses that: the schema change takes the
 * changed table first, and then those. A transaction that takes all these locks when it begins cannot get there: it
 * waits before it has anything, or the schema change waits for it. To do so always would cost every transaction a round trip; so nodes do it only while a stage runs.
 *
 * <p>This keeps transactions from being disturbed. Nothing depends on it for being right.
 *
 * <p>Thread-safe.
 */
public final class Bracing {

    private final DataSource direct;

    /** @param direct connections outside the application's pool */
    public Bracing(DataSource direct) {
        this.direct = direct;
    }

    /** Asks all nodes to brace for stages of a change, or lets them go. */
    public void ask(String change, boolean bracing) throws SQLException {
        update(RegistrySql.BRACING, bracing, change, null);
    }

    /** Answers for one node that every transaction that runs there is braced, or that none need be. */
    public void answer(String change, String node, boolean braced) throws SQLException {
        update(RegistrySql.BRACED, braced, change, node);
    }

    private void update(String sql, boolean value, String change, @Nullable String node) throws SQLException {
        try (Connection connection = direct.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            update.setBoolean(1, value);
            update.setString(2, change);
            if (node != null) {
                update.setString(3, node);
            }
            update.executeUpdate();
        }
    }
}

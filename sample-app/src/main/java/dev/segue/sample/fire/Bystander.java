package dev.segue.sample.fire;

import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.StoppedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody with an open transaction, who then thinks for a while; closing it takes the transaction back. For one thread. */
final class Bystander implements AutoCloseable {

    private final Connection connection;

    private Bystander(Connection connection) {
        this.connection = connection;
    }

    /** Begins a transaction with this statement. */
    static Bystander after(String sql, ShopDatabase database) {
        try {
            Bystander bystander = new Bystander(database.connect());
            bystander.connection.setAutoCommit(false);
            try (Statement statement = bystander.connection.createStatement()) {
                statement.execute(sql);
                return bystander;
            } catch (SQLException e) {
                bystander.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new StoppedException("Cannot begin a transaction with " + sql + ": " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            // The connection has been cut, and the server has taken the transaction back.
        }
    }
}

package dev.segue.fleet;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews on a connection that nothing else uses; one that has failed is replaced by the next renewal. */
final class JdbcRenewals implements ChangeStore.Renewals {

    private static final Logger log = LoggerFactory.getLogger(JdbcRenewals.class);

    private final DataSource direct;
    private final RegistrySql sql;
    private @Nullable Connection connection;

    JdbcRenewals(DataSource direct, RegistrySql sql) {
        this.direct = direct;
        this.sql = sql;
    }

    @Override
    public int renew(String node, long generation, Duration lease) throws SQLException {
        try (PreparedStatement update = connection().prepareStatement(sql.renew())) {
            update.setLong(1, lease.toMillis());
            update.setString(2, node);
            update.setLong(3, generation);
            return update.executeUpdate();
        } catch (SQLException e) {
            close();
            throw e;
        }
    }

    private Connection connection() throws SQLException {
        Connection open = connection;
        if (open == null || open.isClosed()) {
            open = direct.getConnection();
            open.setAutoCommit(true);
            connection = open;
        }
        return open;
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("A broken connection could not be closed", e);
            }
        }
    }
}

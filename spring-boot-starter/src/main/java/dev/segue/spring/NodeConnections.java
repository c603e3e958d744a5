package dev.segue.spring;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.StartRefusedException;
import dev.segue.change.Problem;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a node.
 *
 * @param direct of leases and workers
 * @param owner of the user that changes the schema; often the same
 */
record NodeConnections(HikariDataSource direct, DataSource owner) implements AutoCloseable {

    /**
     * @param direct closed if this fails
     * @param bean what the application has for schema changes, or null
     */
    static NodeConnections of(
            HikariDataSource direct, @Nullable DataSource bean, SegueProperties.Schema schema, String node) {
        String user = schema.getUser();
        if (bean != null && user != null) {
            direct.close();
            throw new StartRefusedException(List.of(new Problem(
                    "segue.schema.user",
                    user,
                    "There is a @SegueDataSource as well, and only one of the two can change the schema.",
                    "Remove one of them.")));
        }
        if (bean != null) {
            return new NodeConnections(direct, bean);
        }
        try {
            return new NodeConnections(
                    direct, user == null ? direct : DirectConnections.open(direct, user, schema.getPassword(), node));
        } catch (RuntimeException e) {
            direct.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (owner instanceof HikariDataSource pool && pool.getPoolName().equals("segue-schema")) {
            pool.close();
        }
        direct.close();
    }
}

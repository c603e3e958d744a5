package dev.segue.spring;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.StartRefusedException;
import dev.segue.change.Problem;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The pools of a node.
 *
 * @param direct of leases and workers
 * @param own of the user that changes the schema, or null if that is the application's, or the application has one
 * @param owner connections of that user
 */
record NodeConnections(HikariDataSource direct, @Nullable HikariDataSource own, DataSource owner)
        implements AutoCloseable {

    /**
     * @param bean what the application has for schema changes, or null
     * @param workers that may need a connection each at the same time
     */
    static NodeConnections open(
            DirectConnections connections, SegueProperties properties, @Nullable DataSource bean, int workers) {
        String user = properties.getSchema().getUser();
        if (bean != null && user != null) {
            throw new StartRefusedException(List.of(new Problem(
                    "segue.schema.user",
                    user,
                    "There is a @SegueDataSource as well, and only one of the two can change the schema.",
                    "Remove one of them.")));
        }
        String url = properties.getDirectUrl();
        HikariDataSource direct = connections.open(url, workers);
        try {
            HikariDataSource own = user == null
                    ? null
                    : connections.forSchema(url, user, properties.getSchema().getPassword());
            DataSource others = bean == null ? direct : bean;
            return new NodeConnections(direct, own, own == null ? others : own);
        } catch (RuntimeException e) {
            direct.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (own != null) {
            own.close();
        }
        direct.close();
    }
}

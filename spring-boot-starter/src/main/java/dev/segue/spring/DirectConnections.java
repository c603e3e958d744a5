package dev.segue.spring;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.segue.StartRefusedException;
import dev.segue.change.Problem;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * The connections of leases, schema changes and workers: few, and none of them from the application's pool, so that a
 * busy application cannot fence its own node and a long stage takes nothing from the application.
 */
final class DirectConnections {

    private static final int BESIDE_WORKERS = 8;

    /** A stage takes five at most. */
    private static final int FOR_STAGES = 5;

    private static final Duration REPLICA_ANSWERS = Duration.ofSeconds(10);

    private record Login(
            String url, @Nullable String user, @Nullable String password) {}

    private final DataSource application;
    private final @Nullable JdbcConnectionDetails details;
    private final String node;

    DirectConnections(DataSource application, @Nullable JdbcConnectionDetails details, String node) {
        this.application = application;
        this.details = details;
        this.node = node;
    }

    /**
     * Opens a small pool to where the application's data source goes.
     *
     * @param url another URL to the same database, or null for the data source's own
     * @param workers that may need one each at the same time
     * @throws StartRefusedException if it cannot be found out where the data source goes
     */
    HikariDataSource open(@Nullable String url, int workers) {
        HikariConfig config = config(url);
        config.setMaximumPoolSize(BESIDE_WORKERS + workers);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    /**
     * Opens a small pool for a user who changes the schema.
     *
     * @param url as for the other one
     */
    HikariDataSource forSchema(@Nullable String url, String user, @Nullable String password) {
        HikariConfig config = config(url);
        config.setPoolName("segue-schema");
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(FOR_STAGES);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** Opens a pool of two connections to a replica, with the application's user. The replica need not answer now. */
    HikariDataSource toReplica(String url) {
        HikariConfig config = config(url);
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(Duration.ofSeconds(2).toMillis());
        // Whoever asks it for its lag must not wait for ever on a line that has gone silent.
        config.addDataSourceProperty(
                "socketTimeout",
                isMysql(config)
                        ? String.valueOf(REPLICA_ANSWERS.toMillis())
                        : String.valueOf(REPLICA_ANSWERS.toSeconds()));
        return new HikariDataSource(config);
    }

    private HikariConfig config(@Nullable String url) {
        Login login = login(application, details)
                .orElseGet(() -> url == null ? refuse(application) : new Login(url, null, null));
        HikariConfig config = new HikariConfig();
        config.setPoolName("segue");
        config.setJdbcUrl(url == null ? login.url() : url);
        config.setUsername(login.user());
        config.setPassword(login.password());
        pool(application).ifPresent(pool -> {
            config.setSchema(pool.getSchema());
            config.setCatalog(pool.getCatalog());
            config.setDataSourceProperties(pool.getDataSourceProperties());
            // How long the application waits for an answer is no limit for an index that is built for hours.
            config.getDataSourceProperties().remove("socketTimeout");
        });
        config.setIdleTimeout(Duration.ofSeconds(30).toMillis());
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        // So that an administrator who looks at the server's sessions sees whose they are.
        if (isMysql(config)) {
            config.addDataSourceProperty("connectionAttributes", "program_name:segue");
        } else {
            config.addDataSourceProperty("ApplicationName", "segue " + node);
        }
        return config;
    }

    private static boolean isMysql(HikariConfig config) {
        return config.getJdbcUrl().startsWith("jdbc:mysql:");
    }

    private static Optional<Login> login(DataSource application, @Nullable JdbcConnectionDetails details) {
        return pool(application)
                .filter(pool -> pool.getJdbcUrl() != null)
                .map(pool -> new Login(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword()))
                .or(() -> Optional.ofNullable(details)
                        .map(d -> new Login(d.getJdbcUrl(), d.getUsername(), d.getPassword())));
    }

    private static Optional<HikariDataSource> pool(DataSource application) {
        try {
            if (application.isWrapperFor(HikariDataSource.class)) {
                return Optional.of(application.unwrap(HikariDataSource.class));
            }
        } catch (SQLException e) {
            // It does not say; the connection details may.
            org.slf4j.LoggerFactory.getLogger(DirectConnections.class).debug("The data source hides its pool", e);
        }
        return Optional.empty();
    }

    private static Login refuse(DataSource application) {
        throw new StartRefusedException(List.of(new Problem(
                "segue.direct-url",
                "",
                "Segue needs a few connections of its own, and "
                        + application.getClass().getName() + " does not tell where it is connected to.",
                "Set segue.direct-url to the JDBC URL of the database, with user and password in it.")));
    }
}

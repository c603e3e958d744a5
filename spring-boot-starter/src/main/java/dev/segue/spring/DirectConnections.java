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

    private static final int MOST = 8;

    /** A stage takes five at most. */
    private static final int MOST_FOR_STAGES = 5;

    private record Login(
            String url, @Nullable String user, @Nullable String password) {}

    private DirectConnections() {}

    /**
     * Opens a small pool to where the application's data source goes.
     *
     * @param url another URL to the same database, or null for the data source's own
     * @throws StartRefusedException if it cannot be found out where the data source goes
     */
    static HikariDataSource open(
            DataSource application, @Nullable JdbcConnectionDetails details, @Nullable String url, String node) {
        Login login = login(application, details)
                .orElseGet(() -> url == null ? refuse(application) : new Login(url, null, null));
        return open("segue", new Login(url == null ? login.url() : url, login.user(), login.password()), MOST, node);
    }

    /** Opens a pool to the same database as another one, for a user who changes the schema. */
    static HikariDataSource open(HikariDataSource same, String user, @Nullable String password, String node) {
        return open("segue-schema", new Login(same.getJdbcUrl(), user, password), MOST_FOR_STAGES, node);
    }

    private static HikariDataSource open(String name, Login login, int most, String node) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(login.url());
        config.setUsername(login.user());
        config.setPassword(login.password());
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(1);
        config.setIdleTimeout(Duration.ofSeconds(30).toMillis());
        config.setConnectionTimeout(Duration.ofSeconds(10).toMillis());
        // So that an administrator who looks at the server's sessions sees whose they are.
        if (config.getJdbcUrl().startsWith("jdbc:mysql:")) {
            config.addDataSourceProperty("connectionAttributes", "program_name:segue");
        } else {
            config.addDataSourceProperty("ApplicationName", "segue " + node);
        }
        return new HikariDataSource(config);
    }

    private static Optional<Login> login(DataSource application, @Nullable JdbcConnectionDetails details) {
        try {
            if (application.isWrapperFor(HikariDataSource.class)) {
                HikariDataSource pool = application.unwrap(HikariDataSource.class);
                if (pool.getJdbcUrl() != null) {
                    return Optional.of(new Login(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword()));
                }
            }
        } catch (SQLException e) {
            // It does not say; the connection details may.
            org.slf4j.LoggerFactory.getLogger(DirectConnections.class).debug("The data source hides its pool", e);
        }
        return Optional.ofNullable(details).map(d -> new Login(d.getJdbcUrl(), d.getUsername(), d.getPassword()));
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

package dev.segue.benchmarks.backfill;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.segue.test.database.TestDatabase;

/** A pool as an application has it. */
public record Pooled(HikariDataSource dataSource) implements AutoCloseable {

    public Pooled(TestDatabase database) {
        this(pool(database));
    }

    private static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}

package dev.segue.benchmarks.backfill;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.segue.test.database.TestDatabase;

/** A pool as an application has it. */
public record Pooled(HikariDataSource dataSource) implements AutoCloseable {

    public Pooled(TestDatabase database) {
        this(database, 10);
    }

    /** @param size how many connections it has at most */
    public Pooled(TestDatabase database, int size) {
        this(pool(database, size));
    }

    private static HikariDataSource pool(TestDatabase database, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        return new HikariDataSource(config);
    }

    @Override
    public void close() {
        dataSource.close();
    }
}

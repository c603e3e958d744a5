package dev.segue.benchmarks.backfill;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.segue.test.database.TestDatabase;

/** A pool as an application has it. */
public record Pooled(HikariDataSource dataSource) implements AutoCloseable {

    public Pooled(TestDatabase database) {
        this(new HikariDataSource(config(database, 10)));
    }

    /** One whose connections begin a transaction by themselves, under READ COMMITTED. */
    public static Pooled transactional(TestDatabase database, int size) {
        HikariConfig config = config(database, size);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        return new Pooled(new HikariDataSource(config));
    }

    private static HikariConfig config(TestDatabase database, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        return config;
    }

    @Override
    public void close() {
        dataSource.close();
    }
}

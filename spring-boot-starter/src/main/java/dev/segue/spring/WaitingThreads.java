package dev.segue.spring;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.segue.backfill.ThrottleSignal;
import java.sql.SQLException;
import javax.sql.DataSource;

/** How many threads of the application wait for a connection from its pool. */
record WaitingThreads(DataSource application, double limit) implements ThrottleSignal {

    @Override
    public String name() {
        return "the number of threads that wait for a connection";
    }

    @Override
    public String unit() {
        return "threads";
    }

    @Override
    public double read() throws SQLException {
        if (!application.isWrapperFor(HikariDataSource.class)) {
            throw new SQLException(
                    "the application's pool is not HikariCP; set segue.throttle.max-waiting-threads to 0");
        }
        HikariPoolMXBean pool = application.unwrap(HikariDataSource.class).getHikariPoolMXBean();
        // It begins with the first connection.
        return pool == null ? 0 : pool.getThreadsAwaitingConnection();
    }
}

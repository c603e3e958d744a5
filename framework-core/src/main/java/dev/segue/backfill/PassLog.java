package dev.segue.backfill;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says every half a minute how far the passes are, however many workers this node has. Thread-safe. */
final class PassLog {

    private static final Logger log = LoggerFactory.getLogger(PassLog.class);
    private static final long EVERY = Duration.ofSeconds(30).toNanos();

    private final AtomicLong last = new AtomicLong(System.nanoTime());

    void tell(Connection connection, PassId pass, Ranges ranges) throws SQLException {
        long then = last.get();
        long now = System.nanoTime();
        if (now - then < EVERY || !last.compareAndSet(then, now)) {
            return;
        }
        log.info(
                "Change {}: pass over {} in epoch {}: {}",
                pass.change(),
                pass.side(),
                pass.epoch(),
                ranges.progress(connection, pass));
        connection.commit();
    }
}

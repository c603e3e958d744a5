package dev.segue.backfill;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every half a minute how far the pass of each change is, or what it waits for, however many workers this node has.
 * Thread-safe.
 */
final class PassLog {

    private static final Logger log = LoggerFactory.getLogger(PassLog.class);
    private static final long EVERY = Duration.ofSeconds(30).toNanos();

    private final LongSupplier nanoTime;
    private final ConcurrentMap<String, Long> last = new ConcurrentHashMap<>();

    PassLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void tell(Connection connection, PassId pass, Ranges ranges) throws SQLException {
        if (!isDue(pass.change())) {
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

    /** Whether it is time for a line, which then is the caller's to say. The first is due half a minute after the first call. */
    boolean isDue(String change) {
        long now = nanoTime.getAsLong();
        Long before = last.putIfAbsent(change, now);
        return before != null && now - before >= EVERY && last.replace(change, before, now);
    }
}

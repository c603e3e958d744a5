package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.fleet.Bracing;
import dev.segue.fleet.Registry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements that take a table for themselves while the whole fleet has braced for them, see {@link Bracing}. What
 * cannot brace in time is said and not waited for any longer: it may lose a transaction to a deadlock, no more.
 */
final class Brace {

    private static final Logger log = LoggerFactory.getLogger(Brace.class);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Database database;
    private final Registry registry;
    private final Bracing bracing;

    /** What is done meanwhile. */
    @FunctionalInterface
    interface Work {
        void run() throws SQLException, InterruptedException;
    }

    Brace(DataSource direct, Database database, Registry registry) {
        this.database = database;
        this.registry = registry;
        this.bracing = new Bracing(direct);
    }

    void around(ColumnChange change, Work work) throws SQLException, InterruptedException {
        if (database == Database.POSTGRESQL) {
            // There, who has a lock already goes ahead of a schema change that waits for it.
            work.run();
            return;
        }
        bracing.ask(change.id(), true);
        try {
            await(change);
            work.run();
        } finally {
            bracing.ask(change.id(), false);
        }
    }

    private void await(ColumnChange change) throws SQLException, InterruptedException {
        long until = System.nanoTime() + LONGEST_WAIT.toNanos();
        List<String> missing = unbraced(change.id());
        while (!missing.isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            missing = unbraced(change.id());
        }
        if (!missing.isEmpty()) {
            log.warn(
                    "Change {}: {} did not brace within {} s, maybe because of a long transaction;"
                            + " one there may fail with a deadlock now.",
                    change.id(),
                    missing,
                    LONGEST_WAIT.toSeconds());
        }
    }

    private List<String> unbraced(String change) throws SQLException {
        return registry.read(change).orElseThrow().unbraced();
    }
}

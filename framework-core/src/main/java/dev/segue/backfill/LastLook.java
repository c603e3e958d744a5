package dev.segue.backfill;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.fleet.WorkLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ends a pass where no guard records the rows that get another key: each table is looked at as a whole, in one
 * transaction that keeps to one snapshot. A row that disagrees may have jumped over the cursor, but in a snapshot it is somewhere. Whoever
 * writes since the barrier keeps both sides, so a table that is found clean once stays so.
 *
 * <p>It locks nothing. As long as it runs, the server keeps old versions of rows, as it does for a backup.
 */
final class LastLook {

    private static final Logger log = LoggerFactory.getLogger(LastLook.class);
    private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofDays(1);

    /** Rows that one look notes for repair; after them it is looked again. */
    private static final int AT_ONCE = 1_000;

    private final DataSource direct;
    private final Database database;
    private final Ranges ranges;
    private final Dirty dirty;

    LastLook(DataSource direct, Database database, Ranges ranges, Dirty dirty) {
        this.direct = direct;
        this.database = database;
        this.ranges = ranges;
        this.dirty = dirty;
    }

    /** Looks, unless another node does, and notes what disagrees to be repaired before the next look. */
    void look(ColumnChange change, PassId pass) throws SQLException {
        Optional<WorkLock> lock = WorkLock.tryAcquire(direct, database, "look " + change.id());
        if (lock.isEmpty()) {
            return;
        }
        try (WorkLock mine = lock.get();
                Session session = Session.open(direct, database, AS_LONG_AS_IT_TAKES)) {
            Connection connection = session.connection();
            log.info("Change {}: looking at the whole of its tables under {}", change.id(), mine);
            Set<String> todo = ranges.looks(connection, pass);
            connection.commit();
            for (Site site : change.sites()) {
                if (todo.contains(site.table().toString())) {
                    look(session, site, change, pass);
                }
            }
        }
    }

    private void look(Session session, Site site, ColumnChange change, PassId pass) throws SQLException {
        if (new KeyOrder(database, site.key()).isZoned()) {
            session.inUtc();
        }
        Connection connection = session.connection();
        String name = site.table().toString();
        List<Key> keys = inOneSnapshot(
                connection, () -> Comparison.of(connection, database, site).disagreeing(connection, AT_ONCE));
        if (keys.isEmpty()) {
            ranges.looked(connection, pass, name);
        } else {
            dirty.record(connection, change.id(), name, keys);
        }
        connection.commit();
    }

    interface Look {
        List<Key> run() throws SQLException;
    }

    static List<Key> inOneSnapshot(Connection connection, Look look) throws SQLException {
        connection.commit();
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        List<Key> keys = look.run();
        connection.commit();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        return keys;
    }
}

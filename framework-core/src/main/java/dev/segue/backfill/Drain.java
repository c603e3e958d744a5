package dev.segue.backfill;

import dev.segue.backfill.Dirty.Entry;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.fleet.LockedRow;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts rows whose keys wait in {@code segue_dirty}. It works under the change's lock, in short transactions, so that
 * the truth stands still meanwhile: an entry has no direction of its own, the row is always converted from the side that
 * is sealed, and what was written against the only sealed side is not carried over.
 */
final class Drain {

    /** Entries of one transaction; movers wait for it. */
    static final int AT_ONCE = 200;

    private final Database database;
    private final Dirty dirty;

    Drain(Database database) {
        this.database = database;
        this.dirty = new Dirty(database);
    }

    /** @return how many entries were dealt with; as many as fit mean that there may be more */
    int run(LockedRow locked, ColumnChange change) throws SQLException {
        Connection connection = locked.connection();
        bound(connection);
        Situation s = locked.situation();
        List<Entry> entries = dirty.due(connection, change.id(), AT_ONCE);
        boolean thereIsATarget = s.sealedOld() || s.kind().convertsBack();
        if (!s.stages().done(Stage.EXPAND) || !s.stages().pending(Stage.CONTRACT) || !thereIsATarget) {
            // One of the sides is not there, or about to go; or the row was written against the only side that counts.
            dirty.delete(connection, entries);
            return entries.size();
        }
        Side side = s.sealedOld() ? Side.NEW : Side.OLD;
        int dealtWith = 0;
        for (Site site : change.sites()) {
            List<Entry> ofSite = entries.stream()
                    .filter(entry -> entry.site().equals(site.table().toString()))
                    .toList();
            if (!site.isSql() && !ofSite.isEmpty()) {
                convert(connection, change, site, side, ofSite);
                dealtWith += ofSite.size();
            }
        }
        return dealtWith;
    }

    private void convert(Connection connection, ColumnChange change, Site site, Side side, List<Entry> entries)
            throws SQLException {
        List<Key> keys = entries.stream().map(Entry::key).distinct().toList();
        JavaRepair repair = JavaRepair.of(connection, database, change.id(), site, side);
        JavaRepair.Fixed fixed = inUtc(connection, site, () -> repair.fix(connection, keys));
        List<Entry> done = new ArrayList<>();
        Map<Entry, String> later = new LinkedHashMap<>();
        for (Entry entry : entries) {
            String why = fixed.unfit().get(entry.key());
            if (why != null) {
                later.put(entry, why);
            } else if (fixed.locked().contains(entry.key())) {
                later.put(entry, "");
            } else {
                done.add(entry);
            }
        }
        dirty.delete(connection, done);
        dirty.later(connection, later);
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    /** Keys of MySQL's TIMESTAMP are texts in UTC. */
    private <T> T inUtc(Connection connection, Site site, Work<T> work) throws SQLException {
        if (database == Database.POSTGRESQL || !new KeyOrder(database, site.key()).isZoned()) {
            return work.run();
        }
        run(connection, "SET @segue_zone = @@SESSION.time_zone, SESSION time_zone = '+00:00'");
        try {
            return work.run();
        } finally {
            run(connection, "SET SESSION time_zone = @segue_zone");
        }
    }

    /** If this process is stopped here, the server takes the change's lock from it. */
    private void bound(Connection connection) throws SQLException {
        if (database == Database.POSTGRESQL) {
            run(connection, "SET LOCAL idle_in_transaction_session_timeout = '15s'");
            run(connection, "SET LOCAL lock_timeout = '2s'");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

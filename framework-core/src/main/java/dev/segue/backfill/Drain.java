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

    private final Dirty dirty;
    private final KeyedRepair repair;

    Drain(Database database) {
        this.dirty = new Dirty(database);
        this.repair = new KeyedRepair(database);
    }

    /** @return how many entries were dealt with; as many as fit mean that there may be more */
    int run(LockedRow locked, ColumnChange change) throws SQLException {
        Connection connection = locked.connection();
        repair.bound(connection);
        Situation s = locked.situation();
        List<Entry> entries = dirty.due(connection, change.id(), AT_ONCE);
        if (!s.stages().done(Stage.EXPAND) || !s.stages().pending(Stage.CONTRACT)) {
            // One of the sides is not there, or about to go.
            dirty.delete(connection, entries);
            return entries.size();
        }
        Side side = s.sealedOld() ? Side.NEW : Side.OLD;
        if (side == Side.OLD && !s.kind().convertsBack()) {
            // The sources of a new attribute are not its copy any more.
            dirty.delete(connection, entries);
            return entries.size();
        }
        int dealtWith = 0;
        for (Site site : change.sites()) {
            List<Entry> ofSite = entries.stream()
                    .filter(entry -> entry.site().equals(site.table().toString()))
                    .toList();
            if (!ofSite.isEmpty()) {
                convert(locked, change, site, side, ofSite);
                dealtWith += ofSite.size();
            }
        }
        return dealtWith;
    }

    private void convert(LockedRow locked, ColumnChange change, Site site, Side side, List<Entry> entries)
            throws SQLException {
        List<Key> keys = entries.stream().map(Entry::key).distinct().toList();
        Repair.Fixed fixed = repair.fix(locked, change, site, side, keys);
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
        dirty.delete(locked.connection(), done);
        dirty.later(locked.connection(), later);
    }
}

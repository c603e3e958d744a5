package dev.segue.backfill;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings one side of the rows of one table up to date. */
interface Repair {

    /**
     * @param repaired how many did not agree and now do
     * @param left how many may not agree and are locked by others
     * @param upTo the last key that is done: that of the window, unless what did not convert took too long to be found, or
     *     there was no room for all rows
     */
    record Done(long repaired, long left, Key upTo) {}

    /**
     * @param repaired how many rows
     * @param locked keys of rows that others have locked
     * @param unfit keys of rows that nothing could be done for, and why
     */
    record Fixed(long repaired, Set<Key> locked, Map<Key, String> unfit) {

        static final Fixed NOTHING = new Fixed(0, Set.of(), Map.of());

        /** Together with that of other rows. */
        Fixed and(Fixed others) {
            Set<Key> allLocked = new HashSet<>(locked);
            allLocked.addAll(others.locked);
            Map<Key, String> allUnfit = new HashMap<>(unfit);
            allUnfit.putAll(others.unfit);
            return new Fixed(repaired + others.repaired, allLocked, allUnfit);
        }
    }

    /**
     * Repairs a window in the open transaction, and waits for nobody, or so shortly that nobody loses a deadlock by it. Rows
     * that do not convert, or whose value would not come back, are put aside.
     */
    Done repair(Connection connection, Window window) throws SQLException;

    /** Repairs the rows that have these keys, and waits for nobody; keys that there are no more need nothing. */
    Fixed fix(Connection connection, List<Key> keys) throws SQLException;

    /**
     * Reads from the catalog what the repair has to know of the table.
     *
     * @param side the side to be written
     * @param room for rows that have to be converted in Java
     */
    static Repair of(Connection connection, Database database, ColumnChange change, Site site, Side side, Room room)
            throws SQLException {
        return site.isSql()
                ? SqlRepair.of(connection, database, change, site, side)
                : JavaRepair.of(connection, database, change.id(), site, side, room);
    }
}

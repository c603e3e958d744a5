package dev.segue.backfill;

import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings one side of the rows of one table up to date. */
interface Repair {

    /**
     * @param rows how many rows the window has
     * @param repaired how many did not agree and now do
     * @param left how many may not agree and are locked by others
     */
    record Done(long rows, long repaired, long left) {}

    /**
     * @param repaired how many rows
     * @param locked keys of rows that others have locked
     * @param unfit keys of rows that nothing could be done for, and why
     */
    record Fixed(long repaired, Set<Key> locked, Map<Key, String> unfit) {}

    /** Repairs a window in the open transaction, and waits for nobody. */
    Done repair(Connection connection, Window window) throws SQLException;

    /** Repairs the rows that have these keys, and waits for nobody; keys that there are no more need nothing. */
    Fixed fix(Connection connection, List<Key> keys) throws SQLException;

    /** Reads from the catalog what the repair has to know of the table. */
    static Repair of(Connection connection, Database database, String change, Site site, Side side)
            throws SQLException {
        return site.isSql()
                ? new SqlRepair(database, site, side, new SiteSql(database, site).updatedByThemselves(connection))
                : JavaRepair.of(connection, database, change, site, side);
    }
}

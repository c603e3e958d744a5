package dev.segue.backfill;

import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;

/** Brings one side of the rows of one table up to date. */
interface Repair {

    /**
     * @param rows how many rows the window has
     * @param repaired how many did not agree and now do
     * @param left how many may not agree and are locked by others
     */
    record Done(long rows, long repaired, long left) {}

    /** Repairs a window in the open transaction, and waits for nobody. */
    Done repair(Connection connection, Window window) throws SQLException;

    /** Reads from the catalog what the repair has to know of the table. */
    static Repair of(Connection connection, Database database, String change, Site site, Side side)
            throws SQLException {
        return site.isSql()
                ? new SqlRepair(database, site, side, new SiteSql(database, site).updatedByThemselves(connection))
                : JavaRepair.of(connection, database, change, site, side);
    }
}

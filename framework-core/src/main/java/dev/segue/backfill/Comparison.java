package dev.segue.backfill;

import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares the two sides of the rows of one table and changes nothing.
 *
 * <p>Both sides of a row are read by one statement, so they are of one version of the row, and whoever keeps both up to
 * date has done so when he commits. What disagrees is looked at once more under a shared lock of the row, and only then
 * believed: nobody is in the middle of writing it.
 */
interface Comparison {

    /**
     * @param rows how many rows the window has
     * @param disagreeing keys of rows whose sides do not hold the same value
     * @param locked how many rows look so and are locked by others
     */
    record Found(long rows, List<Key> disagreeing, long locked) {

        /** Together with those of another window. */
        Found and(Found other) {
            return new Found(
                    rows + other.rows,
                    Stream.concat(disagreeing.stream(), other.disagreeing.stream())
                            .toList(),
                    locked + other.locked);
        }
    }

    /** Compares the rows of a window; the caller ends the transaction. */
    Found compare(Connection connection, Window window) throws SQLException;

    /**
     * The keys of rows that disagree in the whole table. None means that there is none; in a transaction that keeps to one
     * snapshot no row is missed by moving from key to key.
     *
     * @param most how many keys are enough
     */
    List<Key> disagreeing(Connection connection, int most) throws SQLException;

    static Comparison of(Connection connection, Database database, Site site) throws SQLException {
        return site.isSql() ? new SqlComparison(database, site) : JavaComparison.of(connection, database, site);
    }
}

package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements of a pass over one table, and nothing of what is done with them. */
final class SiteSql {

    private final Database database;
    private final Site site;
    private final String table;
    private final KeyOrder key;
    private final String disagrees;
    private final String assignments;

    /** How many rows a window has, and how many of them disagree. */
    record Count(long rows, long disagreeing) {}

    private SiteSql(Database database, Site site, Side side, List<String> keptColumns) {
        this.database = database;
        this.site = site;
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
        this.disagrees = site.disagrees(database, "t.");
        this.assignments = String.join(", ", assignments(side, keptColumns));
    }

    /** Reads from the catalog what an update of the table would touch by itself. */
    static SiteSql of(Connection connection, Database database, Site site, Side side) throws SQLException {
        return new SiteSql(database, site, side, updatedByThemselves(connection, database, site));
    }

    Site site() {
        return site;
    }

    KeyOrder key() {
        return key;
    }

    /** The lowest key, or nothing if the table is empty. */
    Optional<Key> lowest(Connection connection) throws SQLException {
        return end(connection, key.names());
    }

    Optional<Key> highest(Connection connection) throws SQLException {
        return end(connection, key.descending());
    }

    private Optional<Key> end(Connection connection, String order) throws SQLException {
        String sql = "SELECT %s FROM %s AS t ORDER BY %s LIMIT 1".formatted(key.selected(), table, order);
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(key.read(row)) : Optional.empty();
        }
    }

    /** The key of the window's n-th row, or nothing if it has fewer. Needs only the index. */
    Optional<Key> nth(Connection connection, Window window, int n) throws SQLException {
        String sql = """
                SELECT %s FROM %s AS t
                WHERE %s
                ORDER BY %s LIMIT 1 OFFSET ?""".formatted(key.selected(), table, key.within(window), key.names());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(key.bind(select, 1, window), n - 1);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(key.read(row)) : Optional.empty();
            }
        }
    }

    /** Counts without a lock, as of now. */
    Count count(Connection connection, Window window) throws SQLException {
        String sql = """
                SELECT COUNT(*), COUNT(CASE WHEN %s THEN 1 END) FROM %s AS t
                WHERE %s""".formatted(disagrees, table, key.within(window));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Count(row.getLong(1), row.getLong(2));
            }
        }
    }

    /**
     * Repairs the rows of the window that disagree, but for those that somebody else has locked: a batch that waited
     * for a lock while it holds others would be one half of a deadlock.
     *
     * <p>Only keys come out of the inner select, never values: what is written is computed from the row as it is once
     * it is locked.
     *
     * @return how many rows
     */
    long repair(Connection connection, Window window) throws SQLException {
        String sql = switch (database) {
            // The window stands there twice so that no plan reads more of the table than the window.
            case POSTGRESQL -> """
                    WITH c AS (
                        SELECT %1$s FROM %2$s AS t
                        WHERE %3$s AND %4$s
                        ORDER BY %1$s
                        FOR NO KEY UPDATE SKIP LOCKED)
                    UPDATE %2$s AS t SET %5$s
                    FROM c WHERE %6$s AND %3$s""";
            // The limit keeps the inner select a select of its own: merged into the update it would wait for locks.
            case MYSQL -> """
                    UPDATE %2$s AS t JOIN (
                        SELECT %1$s FROM %2$s AS t
                        WHERE %3$s AND %4$s
                        ORDER BY %1$s LIMIT 9223372036854775807
                        FOR UPDATE SKIP LOCKED) AS c ON %6$s
                    SET %5$s
                    WHERE %3$s""";
        };
        String whole = sql.formatted(key.names(), table, key.within(window), disagrees, assignments, key.joined());
        try (PreparedStatement update = connection.prepareStatement(whole)) {
            key.bind(update, key.bind(update, 1, window), window);
            return update.executeLargeUpdate();
        }
    }

    /** How many rows the database thinks the table has, without reading it. */
    long estimatedRows(Connection connection) throws SQLException {
        String sql = switch (database) {
            // By size, as the planner does it, since a table that was never analyzed has no count.
            case POSTGRESQL -> """
                    SELECT CAST(COALESCE(SUM(pg_relation_size(c.oid) / CAST(current_setting('block_size') AS integer)
                        * CASE WHEN c.relpages > 0 AND c.reltuples >= 0 THEN c.reltuples / c.relpages ELSE 80 END),
                        0) AS bigint)
                    FROM pg_class c
                    WHERE c.oid = CAST(? AS regclass)
                       OR c.oid IN (SELECT relid FROM pg_partition_tree(CAST(? AS regclass)) WHERE isleaf)""";
            case MYSQL -> """
                    SELECT COALESCE(table_rows, 0) FROM information_schema.tables
                    WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?""";
        };
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(
                    1, database == Database.POSTGRESQL ? table : site.table().schema());
            select.setString(
                    2, database == Database.POSTGRESQL ? table : site.table().name());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private List<String> assignments(Side side, List<String> keptColumns) {
        List<Column> targets = side == Side.NEW ? site.newColumns() : site.oldColumns();
        List<String> values = side == Side.NEW ? site.toNew(database, "t.") : site.toOld(database, "t.");
        // PostgreSQL allows no alias before the column that is set, MySQL needs one as two tables are joined.
        String qualifier = database == Database.MYSQL ? "t." : "";
        List<String> all = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            all.add(qualifier + database.quote(targets.get(i).name()) + " = " + values.get(i));
        }
        keptColumns.stream()
                .filter(kept ->
                        targets.stream().noneMatch(target -> target.name().equalsIgnoreCase(kept)))
                .map(database::quote)
                .forEach(kept -> all.add("t." + kept + " = t." + kept));
        return all;
    }

    /** MySQL's ON UPDATE CURRENT_TIMESTAMP: such a column keeps its value only if it is set to it. */
    private static List<String> updatedByThemselves(Connection connection, Database database, Site site)
            throws SQLException {
        if (database == Database.POSTGRESQL) {
            return List.of();
        }
        String sql = """
                SELECT column_name FROM information_schema.columns
                WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?
                AND extra LIKE '%on update CURRENT_TIMESTAMP%'""";
        List<String> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, site.table().schema());
            select.setString(2, site.table().name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
        }
        return found;
    }
}

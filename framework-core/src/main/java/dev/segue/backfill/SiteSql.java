package dev.segue.backfill;

import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a pass asks of one table, whatever it does with the rows. */
final class SiteSql {

    /** Of the first batch. */
    private static final long FIRST_BYTES = 16L << 20;

    private final Database database;
    private final Site site;
    private final String table;
    private final KeyOrder key;

    SiteSql(Database database, Site site) {
        this.database = database;
        this.site = site;
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
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
        // The inner select keeps the rows that are passed over from being made text of.
        String sql = """
                SELECT %s FROM (
                    SELECT %s FROM %s AS t
                    WHERE %s
                    ORDER BY %2$s LIMIT 1 OFFSET ?) AS t""".formatted(key.selected(), key.names(), table, key.within(window));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setInt(key.bind(select, 1, window), n - 1);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(key.read(row)) : Optional.empty();
            }
        }
    }

    /** How many rows a window has. */
    long count(Connection connection, Window window) throws SQLException {
        String sql = "SELECT COUNT(*) FROM %s AS t WHERE %s".formatted(table, key.within(window));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
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
        return number(connection, sql);
    }

    private long number(Connection connection, String sql) throws SQLException {
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

    /** How many rows a first batch should not exceed, before anything has been measured, because they may be long. */
    long firstBatch(Connection connection) throws SQLException {
        String sql = switch (database) {
            case POSTGRESQL -> """
                    SELECT COALESCE(SUM(pg_table_size(c.oid)), 0) FROM pg_class c
                    WHERE c.oid = CAST(? AS regclass)
                       OR c.oid IN (SELECT relid FROM pg_partition_tree(CAST(? AS regclass)) WHERE isleaf)""";
            case MYSQL -> """
                    SELECT COALESCE(data_length, 0) FROM information_schema.tables
                    WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?""";
        };
        long bytes = number(connection, sql);
        return bytes == 0 ? Long.MAX_VALUE : FIRST_BYTES * Math.max(1, estimatedRows(connection)) / bytes;
    }

    /** MySQL's ON UPDATE CURRENT_TIMESTAMP: such a column keeps its value only if it is set to it. */
    List<String> updatedByThemselves(Connection connection) throws SQLException {
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

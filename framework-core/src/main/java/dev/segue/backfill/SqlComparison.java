package dev.segue.backfill;

import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Compares inside the database: as long as all rows agree, nothing but two numbers leaves it. */
final class SqlComparison implements Comparison {

    private final String table;
    private final KeyOrder key;
    private final String disagrees;

    private record Count(long rows, long disagreeing) {}

    SqlComparison(Database database, Site site) {
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
        this.disagrees = site.disagrees(database, "t.");
    }

    @Override
    public Found compare(Connection connection, Window window) throws SQLException {
        Count count = count(connection, window);
        if (count.disagreeing() == 0) {
            return new Found(count.rows(), List.of(), 0);
        }
        List<Key> certain = certain(connection, window);
        long now = count(connection, window).disagreeing();
        return new Found(count.rows(), certain, Math.max(0, now - certain.size()));
    }

    private Count count(Connection connection, Window window) throws SQLException {
        String sql = "SELECT COUNT(*), COUNT(CASE WHEN %s THEN 1 END) FROM %s AS t WHERE %s"
                .formatted(disagrees, table, key.within(window));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return new Count(row.getLong(1), row.getLong(2));
            }
        }
    }

    private List<Key> certain(Connection connection, Window window) throws SQLException {
        String sql = "SELECT %s FROM %s AS t WHERE %s AND %s FOR SHARE SKIP LOCKED"
                .formatted(key.selected(), table, key.within(window), disagrees);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            return keys(select);
        }
    }

    @Override
    public List<Key> disagreeing(Connection connection, int most) throws SQLException {
        String sql = "SELECT %s FROM %s AS t WHERE %s LIMIT %d".formatted(key.selected(), table, disagrees, most);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            return keys(select);
        }
    }

    private List<Key> keys(PreparedStatement select) throws SQLException {
        List<Key> keys = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                keys.add(key.read(row));
            }
        }
        return keys;
    }
}

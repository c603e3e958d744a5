package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How large the rows of one table are in the columns of a change. The database counts it and gives no value out, so that
 * rows are known to fit into the memory before they are read.
 */
final class RowSizes {

    private static final List<String> COUNTED_AS_THEY_ARE = List.of("text", "char", "bytea");

    private final String table;
    private final KeyOrder key;
    private final String size;

    RowSizes(Database database, Site site) {
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
        this.size = Stream.concat(site.oldColumns().stream(), site.newColumns().stream())
                .map(column -> " + COALESCE(" + length(database, column) + ", 0)")
                .collect(Collectors.joining("", String.valueOf(Room.ROW), ""));
    }

    private static String length(Database database, Column column) {
        String name = "t." + database.quote(column.name());
        String type = column.type().toLowerCase(Locale.ROOT);
        return switch (database) {
            // Of a long text PostgreSQL knows the length without reading it.
            case POSTGRESQL ->
                COUNTED_AS_THEY_ARE.stream().anyMatch(type::startsWith)
                        ? "octet_length(" + name + ")"
                        : "octet_length(CAST(" + name + " AS text))";
            case MYSQL -> "LENGTH(" + name + ")";
        };
    }

    /** The size of a row of {@code t}, as an expression. */
    String expression() {
        return size;
    }

    /** As much of the window, from its beginning on, as there is room for, but at least one row. */
    Window fitting(Connection connection, Window window, Room room) throws SQLException {
        if (total(connection, window) <= room.bytes()) {
            return window;
        }
        String sql = "SELECT %s, %s FROM %s AS t WHERE %s ORDER BY %s"
                .formatted(key.selected(), size, table, key.within(window), key.names());
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            try (ResultSet row = select.executeQuery()) {
                Key last = null;
                long sum = 0;
                while (row.next()) {
                    sum += row.getLong(key.size() + 1);
                    if (last != null && sum > room.bytes()) {
                        return new Window(window.after(), last);
                    }
                    last = key.read(row);
                }
            }
        }
        return window;
    }

    private long total(Connection connection, Window window) throws SQLException {
        String sql = "SELECT SUM(%s) FROM %s AS t WHERE %s".formatted(size, table, key.within(window));
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}

package dev.segue.sample.fire;

import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.ShownChange;
import dev.segue.sample.fleet.StoppedException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at the tables themselves, by plain JDBC: not through the shop, not through Segue. Safe for use by several threads. */
final class Inspector {

    private final ShopDatabase database;
    private final String different;

    Inspector(ShopDatabase database) {
        this.database = database;
        // Byte by byte, whatever the collation takes for the same.
        this.different = database.url().startsWith("jdbc:mysql:")
                ? "not (cast(%s as binary) <=> cast(%s as binary))"
                : "%s is distinct from %s";
    }

    /** Enters every customer of a table that has not been changed yet. */
    void openHistory(History history) {
        for (Attribute attribute : Attribute.ALL) {
            values(attribute.change().oldColumn()).forEach((row, value) -> history.found(row, attribute, value));
        }
    }

    /** How many rows differ in two columns of which Segue says that both hold the same; 0 where it does not say so. */
    long differing(ShownChange change) throws SQLException {
        Set<String> columns = columns();
        if (!columns.contains(change.oldColumn()) || !columns.contains(change.newColumn())) {
            return 0;
        }
        // One statement, so that both are as of one moment.
        String sql = "select count(*) from customer, segue_change c where c.id = '" + change.id()
                + "' and c.sealed_old and c.sealed_new and "
                + different.formatted(change.oldColumn(), change.newColumn());
        try (Connection connection = database.connect()) {
            return Long.parseLong(String.valueOf(value(connection, sql)));
        }
    }

    /** The columns that are said to hold the current value of the attribute in every row. */
    List<String> sealedColumns(ShownChange change) {
        try (Connection connection = database.connect()) {
            Set<String> columns = columns();
            List<String> sealed = new ArrayList<>();
            if (columns.contains(change.oldColumn()) && says(connection, change, "sealed_old")) {
                sealed.add(change.oldColumn());
            }
            if (columns.contains(change.newColumn()) && says(connection, change, "sealed_new")) {
                sealed.add(change.newColumn());
            }
            return sealed;
        } catch (SQLException e) {
            throw new StoppedException("Cannot read what is sealed: " + e.getMessage());
        }
    }

    private static boolean says(Connection connection, ShownChange change, String fact) throws SQLException {
        return !"0"
                .equals(value(
                        connection,
                        "select count(*) from segue_change where " + fact + " and id = '" + change.id() + "'"));
    }

    /** The value of that column in every row. */
    Map<Long, @Nullable String> values(String column) {
        try (Connection connection = database.connect();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select id, " + column + " from customer")) {
            Map<Long, @Nullable String> values = new HashMap<>();
            while (rows.next()) {
                values.put(rows.getLong(1), rows.getString(2));
            }
            return values;
        } catch (SQLException e) {
            throw new StoppedException("Cannot read customer." + column + ": " + e.getMessage());
        }
    }

    /** The one text of a query of one row, or nothing: there is no row, no value, or no database now. */
    Optional<String> ask(String sql) {
        try (Connection connection = database.connect()) {
            return Optional.ofNullable(value(connection, sql));
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String value(Connection connection, String sql) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    boolean isContracted(ShownChange change) {
        try {
            Set<String> columns = columns();
            return columns.contains(change.newColumn()) && !columns.contains(change.oldColumn());
        } catch (SQLException e) {
            return false;
        }
    }

    private Set<String> columns() throws SQLException {
        try (Connection connection = database.connect();
                ResultSet found = connection
                        .getMetaData()
                        .getColumns(connection.getCatalog(), connection.getSchema(), "customer", null)) {
            Set<String> names = new HashSet<>();
            while (found.next()) {
                names.add(found.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
            }
            return names;
        }
    }
}

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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the rows of one table up to date, a stretch of keys at a time. Only rows that disagree are touched, the value is
 * taken from the row itself while it is locked, and rows that somebody else has locked are left for later.
 */
final class Repair {

    private static final int KEYS_IN_ONE_UPDATE = 500;

    private final Database database;
    private final Site site;
    private final Keys keys;
    private final String table;
    private final String set;

    /** @param untouched columns that an UPDATE would change by itself and must not */
    Repair(Database database, Site site, Side side, List<String> untouched) {
        this.database = database;
        this.site = site;
        this.keys = new Keys(database, site.key());
        this.table = site.table().quoted(database);
        this.set = assignments(side, untouched);
    }

    private String assignments(Side side, List<String> untouched) {
        List<Column> columns = side == Side.NEW ? site.newColumns() : site.oldColumns();
        List<String> values = side == Side.NEW ? site.toNew(database, "t.") : site.toOld(database, "t.");
        String target = database == Database.MYSQL ? "t." : "";
        List<String> all = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            all.add(target + database.quote(columns.get(i).name()) + " = " + values.get(i));
        }
        untouched.forEach(column -> all.add(target + database.quote(column) + " = t." + database.quote(column)));
        return String.join(", ", all);
    }

    Keys keys() {
        return keys;
    }

    /** The lowest or the highest key there is; empty if the table is. */
    Optional<List<String>> outermost(Connection connection, boolean highest) throws SQLException {
        // Qualified, because a plain name would mean the column of the result, which is text and sorts as text.
        String order = site.key().stream()
                .map(column -> "t." + database.quote(column.name()) + (highest ? " DESC" : ""))
                .collect(Collectors.joining(", "));
        return key(
                connection,
                "SELECT " + keys.select("t.") + " FROM " + table + " t ORDER BY " + order + " LIMIT 1",
                List.of());
    }

    /** The key of the nth row of a stretch; empty if it has fewer. */
    Optional<List<String>> nth(Connection connection, Stretch stretch, int n) throws SQLException {
        return key(
                connection,
                "SELECT " + keys.select("t.") + " FROM " + table + " t WHERE " + within(stretch) + " ORDER BY "
                        + keys.order("t.") + " LIMIT 1 OFFSET " + (n - 1),
                stretch.parameters(keys));
    }

    long count(Connection connection, Stretch stretch, boolean onlyThoseThatDisagree) throws SQLException {
        String sql = "SELECT count(*) FROM " + table + " t WHERE " + within(stretch)
                + (onlyThoseThatDisagree ? " AND " + site.disagrees(database, "t.") : "");
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, stretch.parameters(keys));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Repairs what can be locked at once. */
    long repair(Connection connection, Stretch stretch) throws SQLException {
        return switch (database) {
            case POSTGRESQL -> repairInOneStatement(connection, stretch);
            case MYSQL -> repairByKey(connection, stretch);
        };
    }

    /** The value comes from the target row, not from the list: between the two it may have changed. */
    private long repairInOneStatement(Connection connection, Stretch stretch) throws SQLException {
        String sql = """
                WITH c AS (
                    SELECT %1$s FROM %2$s t WHERE %3$s AND %4$s
                    ORDER BY %1$s FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE %2$s t SET %5$s FROM c WHERE %6$s""".formatted(
                keys.order("t."), table, within(stretch), site.disagrees(database, "t."), set, keys.same("t.", "c."));
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, stretch.parameters(keys));
            return update.executeUpdate();
        }
    }

    private long repairByKey(Connection connection, Stretch stretch) throws SQLException {
        List<List<String>> locked = lock(connection, stretch);
        long repaired = 0;
        for (int from = 0; from < locked.size(); from += KEYS_IN_ONE_UPDATE) {
            List<List<String>> some = locked.subList(from, Math.min(locked.size(), from + KEYS_IN_ONE_UPDATE));
            String sql = "UPDATE " + table + " t SET " + set + " WHERE " + keys.in("t.", some.size());
            try (PreparedStatement update = connection.prepareStatement(sql)) {
                bind(update, some.stream().flatMap(List::stream).toList());
                repaired += update.executeUpdate();
            }
        }
        return repaired;
    }

    private List<List<String>> lock(Connection connection, Stretch stretch) throws SQLException {
        String sql = "SELECT " + keys.select("t.") + " FROM " + table + " t WHERE " + within(stretch) + " AND "
                + site.disagrees(database, "t.") + " ORDER BY " + keys.order("t.") + " FOR UPDATE SKIP LOCKED";
        List<List<String>> locked = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, stretch.parameters(keys));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    locked.add(read(row));
                }
            }
        }
        return locked;
    }

    private String within(Stretch stretch) {
        String from = stretch.after() == null ? "" : keys.after("t.");
        String to = stretch.upTo() == null ? "" : keys.upTo("t.");
        if (from.isEmpty() || to.isEmpty()) {
            return from.isEmpty() && to.isEmpty() ? "1 = 1" : from + to;
        }
        return from + " AND " + to;
    }

    private Optional<List<String>> key(Connection connection, String sql, List<String> parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(select, parameters);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    private List<String> read(ResultSet row) throws SQLException {
        List<String> key = new ArrayList<>();
        for (int i = 1; i <= site.key().size(); i++) {
            key.add(row.getString(i));
        }
        return key;
    }

    private static void bind(PreparedStatement statement, List<String> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setString(i + 1, values.get(i));
        }
    }

    /**
     * Keys from one, which is excluded, to another, which is included; null is without end.
     */
    record Stretch(@Nullable List<String> after, @Nullable List<String> upTo) {

        List<String> parameters(Keys keys) {
            List<String> values = new ArrayList<>();
            if (after != null) {
                values.addAll(keys.parameters(after));
            }
            if (upTo != null) {
                values.addAll(keys.parameters(upTo));
            }
            return values;
        }
    }
}

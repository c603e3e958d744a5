package dev.segue.backfill;

import dev.segue.backfill.Judge.Row;
import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The statements that read rows of one table into Java and write one side back, many rows each. A list of keys, with the
 * values to write, is a table {@code v} of texts: of arrays on PostgreSQL, of rows on MySQL.
 */
final class JavaRows {

    /** Of a small table MySQL would rather look at every row, and wait for those that somebody else has locked. */
    private static final String BY_KEY = "FORCE INDEX (PRIMARY)";

    private final Database database;
    private final String table;
    private final KeyOrder key;
    private final List<Column> oldColumns;
    private final List<Column> newColumns;
    private final List<Column> target;
    private final List<String> kept;
    private final Map<String, String> collations;
    private final RowSizes sizes;
    private final SiteSql sql;

    private JavaRows(Database database, Site site, Side side, List<String> kept, Map<String, String> collations) {
        this.database = database;
        this.table = site.table().quoted(database);
        this.key = new KeyOrder(database, site.key());
        this.oldColumns = site.oldColumns();
        this.newColumns = site.newColumns();
        this.target = side == Side.NEW ? newColumns : oldColumns;
        this.kept = kept;
        this.collations = collations;
        this.sizes = new RowSizes(database, site);
        this.sql = new SiteSql(database, site);
    }

    static JavaRows of(Connection connection, Database database, Site site, Side side) throws SQLException {
        return new JavaRows(
                database,
                site,
                side,
                new SiteSql(database, site).updatedByThemselves(connection),
                collations(connection, database, site));
    }

    /** The rows of a window, without a lock, as of now. */
    List<Row> read(Connection connection, Window window) throws SQLException {
        return select(connection, window, "");
    }

    private List<Row> select(Connection connection, Window window, String lock) throws SQLException {
        String sql = "SELECT %s, %s FROM %s AS t WHERE %s%s"
                .formatted(key.selected(), sidesAndVersion(), table, key.within(window), lock);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            key.bind(select, 1, window);
            return rows(select, true);
        }
    }

    /** As much of the window, from its beginning on, as there is room for, but at least one row. */
    Window fitting(Connection connection, Window window, Room room) throws SQLException {
        return sizes.fitting(connection, window, room);
    }

    /** The beginning of the window, with so many rows or as many as it has. */
    Window first(Connection connection, Window window, int rows) throws SQLException {
        return sql.nth(connection, window, rows)
                .map(last -> new Window(window.after(), last))
                .orElse(window);
    }

    /** The keys in parts that there is room for, each of at least one; but for those of rows that there are no more. */
    List<List<Key>> fitting(Connection connection, List<Key> keys, Room room) throws SQLException {
        List<List<Key>> parts = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(keyed(sizes.expression(), keys.size(), ""))) {
            bind(select, keys, List.of(), List.of());
            try (ResultSet row = select.executeQuery()) {
                long left = 0;
                while (row.next()) {
                    long size = row.getLong(key.size() + 1);
                    if (parts.isEmpty() || size > left) {
                        parts.add(new ArrayList<>());
                        left = room.bytes();
                    }
                    parts.get(parts.size() - 1).add(key.read(row));
                    left -= size;
                }
            }
        }
        return parts;
    }

    /** The rows that have these keys, without a lock. */
    List<Row> find(Connection connection, List<Key> keys) throws SQLException {
        return select(connection, keys, "");
    }

    /** Locks the rows that have these keys, but for those that somebody else has locked. */
    List<Row> lock(Connection connection, List<Key> keys) throws SQLException {
        return select(connection, keys, unlessLocked());
    }

    /** Locks all rows of a window, but for those that somebody else has locked. */
    List<Row> lock(Connection connection, Window window) throws SQLException {
        return select(connection, window, unlessLocked());
    }

    private String unlessLocked() {
        return switch (database) {
            case POSTGRESQL -> " FOR NO KEY UPDATE OF t SKIP LOCKED";
            case MYSQL -> " FOR UPDATE OF t SKIP LOCKED";
        };
    }

    /** Shares the lock of the rows that have these keys, but for those that somebody else is writing. */
    List<Row> share(Connection connection, List<Key> keys) throws SQLException {
        return select(connection, keys, " FOR SHARE OF t SKIP LOCKED");
    }

    private List<Row> select(Connection connection, List<Key> keys, String lock) throws SQLException {
        if (keys.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement select = connection.prepareStatement(keyed(sidesAndVersion(), keys.size(), lock))) {
            bind(select, keys, List.of(), List.of());
            return rows(select, true);
        }
    }

    private String keyed(String columns, int keys, String lock) {
        String sql = switch (database) {
            case POSTGRESQL -> "SELECT %s FROM %s JOIN %s AS t ON %s%s";
            case MYSQL -> "SELECT %s FROM %s STRAIGHT_JOIN %s AS t " + BY_KEY + " ON %s%s";
        };
        return sql.formatted(asked() + ", " + columns, given(keys, 0), table, joined(), lock);
    }

    /**
     * Sets the side in one statement, by keys whose rows are locked.
     *
     * @param values for each key one for each column of the side
     * @param around a window that has hardly other rows, or null
     * @return the rows as they are stored now; on PostgreSQL only those that have changed
     */
    List<Row> write(Connection connection, List<Key> keys, List<List<@Nullable Object>> values, @Nullable Window around)
            throws SQLException {
        Optional<List<Row>> changed = write(connection, keys, values, List.of());
        if (changed.isPresent()) {
            return changed.get();
        }
        if (around == null) {
            return find(connection, keys);
        }
        Set<Key> wanted = Set.copyOf(keys);
        return read(connection, around).stream()
                .filter(row -> wanted.contains(row.key()))
                .toList();
    }

    /**
     * The same for rows that need not be locked: sets the side of those of which no other version has been written since they
     * were read, and waits for whoever is about to write one. PostgreSQL only.
     *
     * @return the rows that have changed, as they are stored now
     */
    List<Row> writeUnchanged(Connection connection, List<Row> rows, List<List<@Nullable Object>> values)
            throws SQLException {
        return write(
                        connection,
                        rows.stream().map(Row::key).toList(),
                        values,
                        rows.stream()
                                .map(Row::version)
                                .map(Objects::requireNonNull)
                                .toList())
                .orElseThrow();
    }

    /** @return the rows that have changed, if the database tells */
    private Optional<List<Row>> write(
            Connection connection, List<Key> keys, List<List<@Nullable Object>> values, List<String> versions)
            throws SQLException {
        List<String> set = new ArrayList<>();
        List<String> differs = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            Column column = target.get(i);
            String value = value(column, "v.n" + i);
            String name = database.quote(column.name());
            set.add((database == Database.MYSQL ? "t." : "") + name + " = " + value);
            differs.add(database.distinct("t." + name, value, column.type()));
        }
        kept.stream()
                .filter(column -> target.stream().noneMatch(each -> each.name().equalsIgnoreCase(column)))
                .map(database::quote)
                .forEach(column -> set.add("t." + column + " = t." + column));
        String given = given(keys.size(), target.size() + (versions.isEmpty() ? 0 : 1));
        // A row gets another xmin with every version, and no statement sees the number again while this one still
        // matters.
        String unchanged = versions.isEmpty() ? "" : " AND t.xmin = CAST(v.n" + target.size() + " AS xid)";
        String sql = switch (database) {
            case POSTGRESQL ->
                "UPDATE %s AS t SET %s FROM %s WHERE %s AND (%s) RETURNING %s"
                        .formatted(
                                table,
                                String.join(", ", set),
                                given,
                                joined() + unchanged,
                                String.join(" OR ", differs),
                                asked() + ", " + sides());
            // It leaves a row alone that holds the value already, and a number would be compared with a text badly.
            case MYSQL ->
                "UPDATE %s STRAIGHT_JOIN %s AS t %s ON %s SET %s"
                        .formatted(given, table, BY_KEY, joined(), String.join(", ", set));
        };
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, keys, values, versions);
            if (database == Database.POSTGRESQL) {
                return Optional.of(rows(update, false));
            }
            update.executeLargeUpdate();
            return Optional.empty();
        }
    }

    /** The key as it was asked for: the text of a value may differ from session to session. */
    private String asked() {
        return IntStream.range(0, key.size()).mapToObj(i -> "v.k" + i).collect(Collectors.joining(", "));
    }

    private String sides() {
        return Stream.concat(oldColumns.stream(), newColumns.stream())
                .map(column -> "t." + database.quote(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** MySQL does not tell one version of a row from another. */
    private String sidesAndVersion() {
        return sides() + (database == Database.POSTGRESQL ? ", CAST(t.xmin AS text)" : "");
    }

    private List<Row> rows(PreparedStatement statement, boolean versions) throws SQLException {
        int version = key.size() + oldColumns.size() + newColumns.size() + 1;
        List<Row> rows = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                rows.add(new Row(
                        key.read(row),
                        values(row, key.size(), oldColumns),
                        values(row, key.size() + oldColumns.size(), newColumns),
                        versions && database == Database.POSTGRESQL ? row.getString(version) : null));
            }
        }
        return rows;
    }

    private static List<@Nullable Object> values(ResultSet row, int after, List<Column> columns) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(Values.read(row, after + i + 1, columns.get(i).type()));
        }
        return values;
    }

    /** The table of keys and values, with its columns {@code k0, k1, n0, n1}. */
    private String given(int rows, int values) {
        int columns = key.size() + values;
        String names = IntStream.range(0, columns)
                .mapToObj(i -> i < key.size() ? "k" + i : "n" + (i - key.size()))
                .collect(Collectors.joining(", ", "v(", ")"));
        return switch (database) {
            case POSTGRESQL -> "unnest(" + list("CAST(? AS text[])", columns) + ") AS " + names;
            case MYSQL -> "(VALUES " + list("ROW(" + list("?", columns) + ")", rows) + ") AS " + names;
        };
    }

    private static String list(String what, int times) {
        return String.join(", ", Collections.nCopies(times, what));
    }

    private void bind(
            PreparedStatement statement, List<Key> keys, List<List<@Nullable Object>> values, List<String> versions)
            throws SQLException {
        int sides = key.size() + (values.isEmpty() ? 0 : target.size());
        int columns = sides + (versions.isEmpty() ? 0 : 1);
        @Nullable String[][] texts = new @Nullable String[columns][keys.size()];
        for (int r = 0; r < keys.size(); r++) {
            if (columns > sides) {
                texts[sides][r] = versions.get(r);
            }
            for (int c = 0; c < sides; c++) {
                texts[c][r] = c < key.size()
                        ? keys.get(r).parts().get(c)
                        : Values.text(
                                values.get(r).get(c - key.size()),
                                database,
                                target.get(c - key.size()).type());
            }
        }
        for (int c = 0; c < columns; c++) {
            if (database == Database.POSTGRESQL) {
                statement.setArray(c + 1, statement.getConnection().createArrayOf("text", texts[c]));
                continue;
            }
            for (int r = 0; r < keys.size(); r++) {
                statement.setString(r * columns + c + 1, texts[c][r]);
            }
        }
    }

    private String joined() {
        return IntStream.range(0, key.size())
                .mapToObj(i -> {
                    KeyColumn column = key.columns().get(i);
                    String collation = collations.get(column.name());
                    String text = "v.k" + i;
                    return "t." + column.name() + " = "
                            + column.bound().replace("?", collation == null ? text : collation.formatted(text));
                })
                .collect(Collectors.joining(" AND "));
    }

    /** The text as a value of the column, without the length: so a value that is too long is an error, and not cut. */
    private String value(Column column, String text) {
        String type = column.type().toLowerCase(Locale.ROOT);
        return switch (database) {
            case POSTGRESQL -> {
                String base = type.replaceAll("\\s+collate\\s.*", "").replaceAll("\\([^)]*\\)", "");
                yield "CAST(%s AS %s)"
                        .formatted(
                                text,
                                switch (base) {
                                    case "character", "char" -> "bpchar";
                                    case "bit" -> "varbit";
                                    default -> base;
                                });
            }
            case MYSQL ->
                Values.isBinary(type)
                        ? "UNHEX(" + text + ")"
                        : type.startsWith("bit") ? "CAST(" + text + " AS UNSIGNED)" : text;
        };
    }

    /** MySQL compares a text of ours with one of the table only if it is told by which collation. */
    private static Map<String, String> collations(Connection connection, Database database, Site site)
            throws SQLException {
        Map<String, String> found = new HashMap<>();
        if (database == Database.POSTGRESQL) {
            return found;
        }
        String sql = """
                SELECT column_name, character_set_name, collation_name FROM information_schema.columns
                WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? AND collation_name IS NOT NULL""";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, site.table().schema());
            select.setString(2, site.table().name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.put(
                            database.quote(row.getString(1)),
                            "CONVERT(%s USING " + row.getString(2) + ") COLLATE " + row.getString(3));
                }
            }
        }
        return found;
    }
}

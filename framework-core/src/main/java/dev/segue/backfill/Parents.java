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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of other tables to which the foreign keys of a side lead. MySQL locks each of them when it writes the side, and
 * waits if somebody is writing it; and of a deadlock it ends whoever has written least, which would be the application. So
 * they are locked before, without waiting. PostgreSQL waits as shortly as it is told to ({@link LockWait}), so there are
 * none to be locked.
 */
final class Parents {

    /**
     * A foreign key.
     *
     * @param table quoted
     * @param index by which the rows are found, quoted, or null if that is not told
     * @param columns of the side, or others of the table, and what each leads to
     */
    record Reference(String table, @Nullable String index, List<Link> columns) {

        /** A statement that locks the rows, or fails with what {@link LockWait#isOver} knows. */
        private String locking(String values, List<String> compared) {
            String on = IntStream.range(0, columns.size())
                    .mapToObj(i -> "p." + columns.get(i).parent() + " = " + compared.get(i))
                    .collect(Collectors.joining(" AND "));
            return "SELECT COUNT(*) FROM %s AS v STRAIGHT_JOIN %s AS p%s ON %s FOR SHARE OF p NOWAIT"
                    .formatted(values, table, index == null ? "" : " FORCE INDEX (" + index + ")", on);
        }
    }

    /**
     * A column of a foreign key.
     *
     * @param name of the column
     * @param parent the column that it leads to, quoted
     * @param collated how a text of ours is compared with it, with {@code %s} for the text
     */
    record Link(String name, String parent, String collated) {}

    private final Database database;
    private final List<Column> target;
    private final List<Reference> references;

    private Parents(Database database, List<Column> target, List<Reference> references) {
        this.database = database;
        this.target = target;
        this.references = references;
    }

    static Parents of(Connection connection, Database database, Site site, Side side) throws SQLException {
        List<Column> target = side == Side.NEW ? site.newColumns() : site.oldColumns();
        List<Reference> references = new ArrayList<>();
        if (database == Database.MYSQL) {
            for (Reference reference : references(connection, site)) {
                if (reference.columns().stream().anyMatch(link -> number(target, link) >= 0)) {
                    references.add(reference);
                }
            }
        }
        return new Parents(database, target, references);
    }

    boolean isEmpty() {
        return references.isEmpty();
    }

    private static List<Reference> references(Connection connection, Site site) throws SQLException {
        String sql = """
                SELECT k.constraint_name, COALESCE(k.referenced_table_schema, DATABASE()), k.referenced_table_name,
                    r.unique_constraint_name, k.column_name, k.referenced_column_name, c.character_set_name,
                    c.collation_name
                FROM information_schema.key_column_usage k
                JOIN information_schema.referential_constraints r ON r.constraint_schema = k.constraint_schema
                    AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
                JOIN information_schema.columns c ON c.table_schema = k.table_schema AND c.table_name = k.table_name
                    AND c.column_name = k.column_name
                WHERE k.table_schema = COALESCE(?, DATABASE()) AND k.table_name = ?
                ORDER BY k.constraint_name, k.ordinal_position""";
        Map<String, Reference> found = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, site.table().schema());
            select.setString(2, site.table().name());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String index = row.getString(4);
                    String table =
                            Database.MYSQL.quote(row.getString(2)) + "." + Database.MYSQL.quote(row.getString(3));
                    String collation = row.getString(8);
                    found.computeIfAbsent(
                                    row.getString(1),
                                    name -> new Reference(
                                            table,
                                            index == null ? null : Database.MYSQL.quote(index),
                                            new ArrayList<>()))
                            .columns()
                            .add(new Link(
                                    row.getString(5),
                                    Database.MYSQL.quote(row.getString(6)),
                                    collation == null
                                            ? "%s"
                                            : "CONVERT(%s USING " + row.getString(7) + ") COLLATE " + collation));
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static int number(List<Column> columns, Link link) {
        return IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).name().equalsIgnoreCase(link.name()))
                .findFirst()
                .orElse(-1);
    }

    /**
     * Locks those to which rows are to lead that the database computes.
     *
     * @param values what is to be written, for each column of the side
     * @param from the rows, as {@code t}, with the condition
     * @param binder of the condition
     * @throws SQLException such that {@link LockWait#isOver} is true, if somebody else has locked one of them
     */
    void lock(Connection connection, List<String> values, String from, SqlRows.Binder binder) throws SQLException {
        for (Reference reference : references) {
            List<String> selected = new ArrayList<>();
            List<String> compared = new ArrayList<>();
            for (Link link : reference.columns()) {
                int i = number(target, link);
                String name = "f" + selected.size();
                selected.add((i < 0 ? "t." + database.quote(link.name()) : values.get(i)) + " AS " + name);
                compared.add(link.collated().formatted("v." + name));
            }
            String some = "(SELECT DISTINCT " + String.join(", ", selected) + " FROM " + from + ")";
            try (PreparedStatement lock = connection.prepareStatement(reference.locking(some, compared))) {
                binder.bind(lock, 1);
                lock.execute();
            }
        }
    }

    /**
     * Locks those to which rows are to lead whose values are known. Of a foreign key over other columns as well it knows
     * too little, and leaves it alone.
     *
     * @param rows what is to be written, for each row and column of the side
     * @throws SQLException such that {@link LockWait#isOver} is true, if somebody else has locked one of them
     */
    void lock(Connection connection, List<List<@Nullable Object>> rows) throws SQLException {
        for (Reference reference : references) {
            Optional<List<Integer>> numbers = numbers(reference);
            if (numbers.isEmpty() || rows.isEmpty()) {
                continue;
            }
            List<String> compared = new ArrayList<>();
            for (Link link : reference.columns()) {
                Column column = target.get(number(target, link));
                String text = link.collated().formatted("v.column_" + compared.size());
                compared.add(KeyColumn.of(database, column).bound().replace("?", text));
            }
            String one = numbers.get().stream().map(i -> "?").collect(Collectors.joining(", ", "ROW(", ")"));
            String some = "(VALUES " + String.join(", ", Collections.nCopies(rows.size(), one)) + ")";
            try (PreparedStatement lock = connection.prepareStatement(reference.locking(some, compared))) {
                int parameter = 0;
                for (List<@Nullable Object> row : rows) {
                    for (int i : numbers.get()) {
                        lock.setString(
                                ++parameter,
                                Values.text(row.get(i), database, target.get(i).type()));
                    }
                }
                lock.execute();
            }
        }
    }

    /** Which columns of the side they are, if all of them are such. */
    private Optional<List<Integer>> numbers(Reference reference) {
        List<Integer> numbers =
                reference.columns().stream().map(link -> number(target, link)).toList();
        return numbers.contains(-1) ? Optional.empty() : Optional.of(numbers);
    }
}

package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The order of a table by its primary key, and how a {@link Window} of it is said in SQL so that the key's index serves
 * it. The table has the alias {@code t} throughout; the order of text is the column's own collation both in ORDER BY
 * and in comparisons.
 */
final class KeyOrder {

    private final Database database;
    /** {@code 0000-00-00}, or a month or day of zero. */
    private static final Pattern ZERO_DATE = Pattern.compile("^(0000-|\\d{4}-00-|\\d{4}-\\d{2}-00)");

    private final List<KeyColumn> columns;
    private final boolean hasDates;

    KeyOrder(Database database, List<Column> key) {
        this.database = database;
        this.columns =
                key.stream().map(column -> KeyColumn.of(database, column)).toList();
        this.hasDates = database == Database.MYSQL
                && columns.stream().anyMatch(column -> column.bound().contains(" AS DATE"));
    }

    /** The key as text, to be read by {@link #read}. */
    String selected() {
        return columns.stream().map(column -> column.selected("t.")).collect(Collectors.joining(", "));
    }

    /** The key as it is. */
    String names() {
        return columns.stream().map(column -> "t." + column.name()).collect(Collectors.joining(", "));
    }

    String descending() {
        return columns.stream().map(column -> "t." + column.name() + " DESC").collect(Collectors.joining(", "));
    }

    /** That a row of {@code t} has the key of a row of {@code c}. */
    String joined() {
        return columns.stream()
                .map(column -> "t.%1$s = c.%1$s".formatted(column.name()))
                .collect(Collectors.joining(" AND "));
    }

    /** The condition that a row is in the window, with placeholders for {@link #bind}. */
    String within(Window window) {
        String upTo = compared("<", "<=");
        return window.after() == null ? upTo : compared(">", ">") + " AND " + upTo;
    }

    /** The condition that a row has a certain key, with placeholders for {@link #bindSame}. */
    String same() {
        return columns.stream()
                .map(column -> "t." + column.name() + " = " + column.bound())
                .collect(Collectors.joining(" AND "));
    }

    /**
     * Binds what {@link #same} has placeholders for.
     *
     * @return the index of the next parameter
     */
    int bindSame(PreparedStatement statement, int index, Key key) throws SQLException {
        int next = index;
        for (String part : key.parts()) {
            next = bind(statement, next, part);
        }
        return next;
    }

    /**
     * Binds what {@link #within} has placeholders for.
     *
     * @return the index of the next parameter
     */
    int bind(PreparedStatement statement, int index, Window window) throws SQLException {
        Key after = window.after();
        int next = after == null ? index : bind(statement, index, after);
        return bind(statement, next, window.upTo());
    }

    private int bind(PreparedStatement statement, int index, Key key) throws SQLException {
        int next = index;
        for (int i = 0; i < columns.size(); i++) {
            next = bind(statement, next, key.parts().get(i));
            if (database == Database.MYSQL && i + 1 < columns.size()) {
                next = bind(statement, next, key.parts().get(i));
            }
        }
        return next;
    }

    private int bind(PreparedStatement statement, int index, String part) throws SQLException {
        if (hasDates && ZERO_DATE.matcher(part).find()) {
            // MySQL would take it for NULL, with which no row compares, and every row behind it would be passed over.
            throw new SQLException("a key of the table is a date that there is not ('" + part.substring(0, 10)
                    + "'), by which MySQL finds no row; give these rows a date");
        }
        switch (database) {
            // Untyped, so that the cast decides.
            case POSTGRESQL -> statement.setObject(index, part, Types.OTHER);
            case MYSQL -> statement.setString(index, part);
        }
        return index + 1;
    }

    /** How many columns it has. */
    int size() {
        return columns.size();
    }

    List<KeyColumn> columns() {
        return columns;
    }

    Key read(ResultSet row) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            parts.add(row.getString(i));
        }
        return new Key(parts);
    }

    boolean isZoned() {
        return columns.stream().anyMatch(KeyColumn::zoned);
    }

    /** Whether keys lie on the number line. */
    boolean isNumber() {
        return columns.size() == 1 && columns.get(0).line() != KeyColumn.Line.NONE;
    }

    /** Whether keys are whole numbers. */
    boolean isInteger() {
        return columns.size() == 1 && columns.get(0).line() == KeyColumn.Line.INTEGERS;
    }

    private String compared(String operator, String lastOperator) {
        return switch (database) {
            case POSTGRESQL ->
                columns.stream().map(column -> "t." + column.name()).collect(Collectors.joining(", ", "(", ")"))
                        + " " + lastOperator + " "
                        + columns.stream().map(KeyColumn::bound).collect(Collectors.joining(", ", "(", ")"));
            case MYSQL -> spelledOut(0, operator, lastOperator);
        };
    }

    /** MySQL reads the whole index for a comparison of rows: {@code (a > ? OR (a = ? AND b > ?))} it can use. */
    private String spelledOut(int from, String operator, String lastOperator) {
        KeyColumn column = columns.get(from);
        if (from == columns.size() - 1) {
            return "t.%s %s %s".formatted(column.name(), lastOperator, column.bound());
        }
        return "(t.%1$s %2$s %3$s OR (t.%1$s = %3$s AND %4$s))"
                .formatted(column.name(), operator, column.bound(), spelledOut(from + 1, operator, lastOperator));
    }
}

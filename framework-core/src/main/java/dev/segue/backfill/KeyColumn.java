package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.database.Database;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A column of a primary key, whose values are read as text and bound as text again.
 *
 * <p>The text is the database's own, so that nothing is lost on the way through Java (microseconds, scale, unsigned
 * numbers). It is bound with the column's type: MySQL would compare a number with a text as two floating point
 * numbers, and neither database would use the index.
 *
 * @param name quoted
 * @param read how it is selected as text, with {@code %s} for the column
 * @param bound what stands for the placeholder in a comparison
 * @param line whether values lie on the number line, so that a range of them can be cut in even parts
 * @param zoned whether the text depends on the session's time zone
 */
record KeyColumn(String name, String read, String bound, Line line, boolean zoned) {

    /** What lies between two values. */
    enum Line {
        INTEGERS,
        NUMBERS,
        NONE
    }

    private static final Pattern MODIFIERS = Pattern.compile("(?i)\\s+(collate|character set)\\s.*");

    private static final Pattern POSTGRESQL_INTEGER = Pattern.compile("(?i)(smallint|integer|bigint)");
    private static final Pattern POSTGRESQL_NUMBER = Pattern.compile("(?i)numeric.*");

    static KeyColumn of(Database database, Column column) {
        String type = MODIFIERS.matcher(column.type()).replaceAll("");
        String name = database.quote(column.name());
        return switch (database) {
            case POSTGRESQL ->
                new KeyColumn(name, "CAST(%s AS text)", "CAST(? AS " + type + ")", postgresql(type), false);
            case MYSQL -> mysql(name, type.toLowerCase(Locale.ROOT), column);
        };
    }

    /** Why a table cannot be walked by this column, if so. */
    static Optional<String> refusal(Database database, Column column) {
        try {
            of(database, column);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(refusal(column));
        }
    }

    private static String refusal(Column column) {
        return "A table cannot be walked by key column '" + column.name() + "' of type " + column.type()
                + ". Keys of integer, decimal, text, binary and date or time types can be.";
    }

    private static Line postgresql(String type) {
        if (POSTGRESQL_INTEGER.matcher(type).matches()) {
            return Line.INTEGERS;
        }
        return POSTGRESQL_NUMBER.matcher(type).matches() ? Line.NUMBERS : Line.NONE;
    }

    private static KeyColumn mysql(String name, String type, Column column) {
        String word = type.replaceAll("[^a-z].*", "");
        return switch (word) {
            case "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year" ->
                cast(name, type.contains("unsigned") ? "UNSIGNED" : "SIGNED", Line.INTEGERS);
            case "decimal", "numeric" ->
                cast(name, type.replaceAll("\\s*(unsigned|zerofill)", "").replace("numeric", "decimal"), Line.NUMBERS);
            case "date" -> cast(name, "DATE", Line.NONE);
            case "time" -> cast(name, "TIME(6)", Line.NONE);
            case "datetime" -> cast(name, "DATETIME(6)", Line.NONE);
            case "timestamp" -> new KeyColumn(name, "CAST(%s AS CHAR)", "CAST(? AS DATETIME(6))", Line.NONE, true);
            // Without a cast, which would bring the connection's collation into the comparison.
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" ->
                new KeyColumn(name, "%s", "?", Line.NONE, false);
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                new KeyColumn(name, "HEX(%s)", "UNHEX(?)", Line.NONE, false);
            // An ENUM sorts by number and compares by text; a FLOAT does not equal its own text.
            default -> throw new IllegalArgumentException(refusal(column));
        };
    }

    private static KeyColumn cast(String name, String type, Line line) {
        return new KeyColumn(name, "CAST(%s AS CHAR)", "CAST(? AS " + type + ")", line, false);
    }

    String selected(String qualifier) {
        return read.formatted(qualifier + name);
    }
}

package dev.segue.backfill;

import dev.segue.change.Column;
import dev.segue.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Keys of a table as text, and how such a text is compared with the key's columns so that the index is used.
 *
 * <p>In the registry a key is one string: for each column the length of its text, a colon, and the text.
 */
record Keys(Database database, List<Column> columns) {

    static String encode(List<String> key) {
        return key.stream().map(part -> part.length() + ":" + part).collect(Collectors.joining());
    }

    static List<String> decode(String text) {
        List<String> key = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int colon = text.indexOf(':', at);
            int end = colon + 1 + Integer.parseInt(text.substring(at, colon));
            key.add(text.substring(colon + 1, end));
            at = end;
        }
        return key;
    }

    /** The columns as a select list of texts. */
    String select(String qualifier) {
        return columns.stream()
                .map(column -> read(qualifier + database.quote(column.name()), type(column)))
                .collect(Collectors.joining(", "));
    }

    /** The columns, to sort by. */
    String order(String qualifier) {
        return columns.stream()
                .map(column -> qualifier + database.quote(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** A condition for rows after a key; its parameters are {@link #parameters}. */
    String after(String qualifier) {
        return compare(qualifier, ">", ">");
    }

    /** A condition for rows up to a key, itself included. */
    String upTo(String qualifier) {
        return compare(qualifier, "<", "<=");
    }

    /**
     * Written out for each column, because MySQL does not use an index for the comparison of rows.
     *
     * @param strict how all columns but the last compare
     * @param last how the last one does
     */
    private String compare(String qualifier, String strict, String last) {
        List<String> alternatives = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            List<String> parts = new ArrayList<>();
            for (int j = 0; j < i; j++) {
                parts.add(column(qualifier, j) + " = " + bind(columns.get(j)));
            }
            parts.add(column(qualifier, i)
                    + (i == columns.size() - 1 ? " " + last + " " : " " + strict + " ")
                    + bind(columns.get(i)));
            alternatives.add(String.join(" AND ", parts));
        }
        return alternatives.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** The values that {@link #after} and {@link #upTo} bind, in order. */
    List<String> parameters(List<String> key) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.addAll(key.subList(0, i + 1));
        }
        return values;
    }

    /** A condition for exactly so many rows, by their keys; each key binds its values in order. */
    String in(String qualifier, int rows) {
        String tuple = columns.stream().map(this::bind).collect(Collectors.joining(", ", "(", ")"));
        return "(" + order(qualifier) + ") IN (" + String.join(", ", java.util.Collections.nCopies(rows, tuple)) + ")";
    }

    /** A condition that two references to the table mean the same row. */
    String same(String left, String right) {
        return columns.stream()
                .map(column -> left + database.quote(column.name()) + " = " + right + database.quote(column.name()))
                .collect(Collectors.joining(" AND "));
    }

    boolean isOneInteger() {
        return columns.size() == 1 && type(columns.get(0)).matches("(big|small|medium|tiny)?int(eger)?\\b.*");
    }

    private String column(String qualifier, int i) {
        return qualifier + database.quote(columns.get(i).name());
    }

    /** Without what a cast does not take. */
    private static String type(Column column) {
        return column.type().toLowerCase(Locale.ROOT).replaceFirst(" (character set|collate) .*", "");
    }

    private String read(String expression, String type) {
        return switch (database) {
            case POSTGRESQL -> "CAST(" + expression + " AS text)";
            case MYSQL -> isBinary(type) ? "HEX(" + expression + ")" : "CAST(" + expression + " AS CHAR)";
        };
    }

    private String bind(Column column) {
        String type = type(column);
        return switch (database) {
            case POSTGRESQL -> "CAST(? AS " + type + ")";
            case MYSQL -> bindMySql(type);
        };
    }

    /** MySQL compares an integer with a string as floating point numbers, which is wrong above 2^53. */
    private static String bindMySql(String type) {
        if (isBinary(type)) {
            return "UNHEX(?)";
        }
        if (type.matches("(big|small|medium|tiny)?int.*")) {
            return type.contains("unsigned") ? "CAST(? AS UNSIGNED)" : "CAST(? AS SIGNED)";
        }
        if (type.startsWith("decimal")) {
            return "CAST(? AS " + type.replace(" unsigned", "") + ")";
        }
        if (type.startsWith("datetime") || type.startsWith("timestamp")) {
            return "CAST(? AS DATETIME(6))";
        }
        return type.startsWith("date") ? "CAST(? AS DATE)" : "?";
    }

    private static boolean isBinary(String type) {
        return type.contains("binary") || type.contains("blob");
    }
}

package dev.segue.database;

import java.util.Locale;

/**
 * The value of a key column as text, said in SQL for the body of a trigger: percent-encoded where it may hold anything,
 * and the same whatever session wrote the row.
 */
public final class KeyText {

    private KeyText() {}

    /**
     * An expression for the encoded text of a value that is not NULL.
     *
     * @param value an expression
     * @param type its type, as the catalog names it
     */
    public static String encoded(Database database, String value, String type) {
        String word = type.toLowerCase(Locale.ROOT).replaceAll("[^a-z].*", "");
        return switch (database) {
            case POSTGRESQL ->
                switch (word) {
                    case "smallint", "integer", "bigint", "int", "numeric", "uuid" -> "CAST(" + value + " AS text)";
                    // JSON knows one form of each, and cares for no DateStyle.
                    case "date", "timestamp" -> hex("(to_json(" + value + ") #>> '{}')");
                    default -> hex("CAST(" + value + " AS text)");
                };
            case MYSQL ->
                switch (word) {
                    case "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year", "decimal", "numeric" ->
                        "CAST(" + value + " AS CHAR)";
                    case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> "HEX(" + value + ")";
                    // In UTC, and right also in the hour that a time zone has twice.
                    case "timestamp" ->
                        percent("CAST(TIMESTAMPADD(MICROSECOND, UNIX_TIMESTAMP(" + value
                                + ") * 1000000, '1970-01-01') AS CHAR)");
                    case "date", "time", "datetime" -> percent("CAST(" + value + " AS CHAR)");
                    default -> percent(value);
                };
        };
    }

    private static String hex(String text) {
        return "regexp_replace(encode(convert_to(" + text + ", 'UTF8'), 'hex'), '(..)', '%\\1', 'g')";
    }

    private static String percent(String text) {
        return "REGEXP_REPLACE(HEX(CONVERT(" + text + " USING utf8mb4)), '(..)', '%$1')";
    }
}

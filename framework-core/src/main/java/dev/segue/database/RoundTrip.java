package dev.segue.database;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in SQL whether a value is still the same when it has been stored in another column and comes back from there. It
 * compares what the column would hold and not what an expression gives: a number is rounded as the column rounds it.
 */
public final class RoundTrip {

    /** Types of PostgreSQL whose values have one representation, or of which only the value counts. All others compare by text. */
    private static final Set<String> POSTGRESQL_VALUES = Set.of(
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "real",
            "double precision",
            "boolean",
            "uuid",
            "bytea",
            "date",
            "time without time zone",
            "timestamp without time zone",
            "timestamp with time zone");

    private static final Pattern MYSQL_LENGTH = Pattern.compile("^((?:var)?char|varbinary)\\s*\\((\\d+)\\)");

    private RoundTrip() {}

    /**
     * A condition that is true, never null, when a column does not hold what would be stored in it.
     *
     * @param kept the column
     * @param back an expression
     * @param type the column's type, as the catalog names it
     */
    public static String differs(Database database, String kept, String back, String type) {
        String stored = stored(database, back, type);
        return switch (database) {
            case POSTGRESQL ->
                POSTGRESQL_VALUES.contains(plain(type).replaceAll("\\([^)]*\\)", ""))
                        ? "%s IS DISTINCT FROM %s".formatted(kept, stored)
                        : "(%s)::text COLLATE \"C\" IS DISTINCT FROM (%s)::text COLLATE \"C\"".formatted(kept, stored);
            case MYSQL -> "NOT (%s <=> %s)".formatted(bytes(kept, type), bytes(stored, type));
        };
    }

    /**
     * An expression brought to the type of a column, as storing it there would do. A text keeps its length: one that is too
     * long for the column is an error there, and must not be cut here.
     */
    public static String stored(Database database, String expression, String type) {
        return switch (database) {
            case POSTGRESQL -> "CAST(%s AS %s)".formatted(expression, postgres(plain(type)));
            case MYSQL -> mysql(expression, plain(type));
        };
    }

    /**
     * A condition that is true when a value has more characters, or bytes, than a column of MySQL takes; nothing for a type
     * whose values have no length.
     */
    public static Optional<String> tooLong(String expression, String type) {
        Matcher length = MYSQL_LENGTH.matcher(plain(type));
        return length.find()
                ? Optional.of((length.group(1).contains("binary") ? "LENGTH" : "CHAR_LENGTH") + "(" + expression
                        + ") > " + length.group(2))
                : Optional.empty();
    }

    /** Without collation and character set. */
    private static String plain(String type) {
        return type.toLowerCase(Locale.ROOT).replaceAll("\\s+(collate|character set)\\s.*", "");
    }

    private static String postgres(String type) {
        String unbounded = type.replaceAll("\\([^)]*\\)", "");
        if (type.startsWith("character varying") || type.startsWith("varchar")) {
            return unbounded;
        }
        if (type.startsWith("char")) {
            return unbounded.replaceFirst("^[a-z]+", "bpchar");
        }
        return type.startsWith("bit") ? unbounded.replaceFirst("^bit( varying)?", "varbit") : type;
    }

    private static String mysql(String expression, String type) {
        String word = type.replaceAll("[^a-z].*", "");
        String cast = "CAST(" + expression + " AS %s)";
        return switch (word) {
            case "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year" ->
                cast.formatted(type.contains("unsigned") ? "UNSIGNED" : "SIGNED");
            case "bit" -> cast.formatted("UNSIGNED");
            case "decimal", "numeric" ->
                cast.formatted(type.replaceAll("\\s*(unsigned|zerofill)", "").replace("numeric", "decimal"));
            case "float" -> cast.formatted("FLOAT");
            case "double" -> cast.formatted("DOUBLE");
            case "date" -> cast.formatted("DATE");
            case "datetime", "timestamp" -> cast.formatted(type.replace("timestamp", "datetime"));
            case "time" -> cast.formatted(type);
            case "json" -> cast.formatted("JSON");
            // Filled up with zeros.
            case "binary" -> cast.formatted(type);
            case "char" -> "TRIM(TRAILING ' ' FROM " + expression + ")";
            default -> expression;
        };
    }

    /** Texts of two character sets may be the same text. */
    private static String bytes(String value, String type) {
        return switch (plain(type).replaceAll("[^a-z].*", "")) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set", "json" ->
                "CAST(CONVERT(" + value + " USING utf8mb4) AS BINARY)";
            default -> value;
        };
    }
}

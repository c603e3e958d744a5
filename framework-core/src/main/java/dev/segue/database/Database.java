package dev.segue.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The databases a change can live on, and how each of them writes what the standard leaves open.
 *
 * <p>All text that becomes part of a statement goes through {@link #quote} or {@link #literal}; values are bound.
 */
public enum Database {
    POSTGRESQL('"'),
    MYSQL('`');

    private final char quote;

    Database(char quote) {
        this.quote = quote;
    }

    /**
     * The database at the other end of a connection.
     *
     * @throws IllegalArgumentException if it is neither PostgreSQL nor MySQL; the message names the product found
     */
    public static Database of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "MySQL" -> MYSQL;
            default ->
                throw new IllegalArgumentException(
                        "Segue works on PostgreSQL and MySQL, and the data source is connected to " + product
                                + ". Use one of the two, or remove the Segue annotations from the entities.");
        };
    }

    /** The identifier as the database takes it literally, whatever characters it has. */
    public String quote(String identifier) {
        return quote + identifier.replace(String.valueOf(quote), String.valueOf(quote) + quote) + quote;
    }

    /** A string literal, for the few places where a value cannot be bound (the body of a trigger). */
    public String literal(String value) {
        String doubled = value.replace("'", "''");
        return switch (this) {
            case POSTGRESQL ->
                value.indexOf('\\') < 0 ? "'" + doubled + "'" : "E'" + doubled.replace("\\", "\\\\") + "'";
            case MYSQL -> "'" + doubled.replace("\\", "\\\\") + "'";
        };
    }

    /**
     * A condition that is true, never null, when two values of one type differ in any byte.
     *
     * <p>Equality by collation is too weak here: {@code utf8mb4_0900_ai_ci} finds 'a' and 'A' equal, a
     * non-deterministic PostgreSQL collation likewise, {@code citext} always; and PostgreSQL's {@code json} has no
     * equality at all.
     *
     * @param left an expression
     * @param right an expression of the same type
     * @param type the type of both, as the catalog names it
     */
    public String distinct(String left, String right, String type) {
        return switch (this) {
            case POSTGRESQL ->
                comparesByText(type)
                        ? "(%s)::text COLLATE \"C\" IS DISTINCT FROM (%s)::text COLLATE \"C\"".formatted(left, right)
                        : "%s IS DISTINCT FROM %s".formatted(left, right);
            case MYSQL ->
                comparesByText(type)
                        ? "NOT (CAST(%s AS BINARY) <=> CAST(%s AS BINARY))".formatted(left, right)
                        : "NOT (%s <=> %s)".formatted(left, right);
        };
    }

    /** The database's wall clock at the moment the expression is evaluated, not at the start of the transaction. */
    public String clock() {
        return switch (this) {
            case POSTGRESQL -> "clock_timestamp()";
            // In UTC whatever the session's zone is, so that two nodes never compare different zones.
            case MYSQL -> "UTC_TIMESTAMP(6)";
        };
    }

    /** {@link #clock} plus a bound number of milliseconds. */
    public String clockPlusMillis() {
        return switch (this) {
            case POSTGRESQL -> "clock_timestamp() + ? * interval '1 millisecond'";
            case MYSQL -> "TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(6))";
        };
    }

    /** A point in time as milliseconds since 1970, whatever zones the session and the JVM are in. */
    public String epochMillis(String expression) {
        return switch (this) {
            case POSTGRESQL -> "CAST(extract(epoch FROM " + expression + ") * 1000 AS bigint)";
            case MYSQL -> "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', " + expression + ") DIV 1000";
        };
    }

    private boolean comparesByText(String type) {
        String plain = type.toLowerCase(java.util.Locale.ROOT);
        return switch (this) {
            case POSTGRESQL ->
                plain.startsWith("char")
                        || plain.startsWith("text")
                        || plain.startsWith("name")
                        || plain.startsWith("json")
                        || plain.startsWith("xml")
                        || plain.startsWith("citext")
                        // With a scale, equal numbers are equal bytes; without one, 1.0 and 1.00 are not.
                        || plain.equals("numeric");
            case MYSQL ->
                plain.contains("char")
                        || plain.contains("text")
                        || plain.startsWith("json")
                        || plain.startsWith("enum")
                        || plain.startsWith("set");
        };
    }
}

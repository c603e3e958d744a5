package dev.segue.backfill;

import dev.segue.database.Database;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Column values in Java: how one is read, whether two are the same, and how one is told to the database as text. */
final class Values {

    private static final Pattern TIME = Pattern.compile("time(\\(\\d\\))?( without time zone)?");

    private static final Pattern LOCAL = Pattern.compile("timestamp(\\(\\d\\))? without time zone");

    /** What MySQL's driver takes for a truth, and for the first day of that year. */
    private static final Pattern NUMBER = Pattern.compile("tinyint\\(1\\).*|year(\\(4\\))?");

    private static final String CONNECTION_LOST = "08";

    private Values() {}

    /**
     * Stands for a value that the driver cannot read, such as a day 0 or a time of 100 hours.
     *
     * @param how it says so; not in its own words, which like to quote the value
     */
    record Unread(String how) {}

    /**
     * The value of a column in full. What a driver gives if it is not asked for a class ends a time at its seconds, moves a
     * time that the JVM's zone has skipped, and knows no number but 0 and 1 in a column that may be a truth.
     *
     * @param type of the column, as the catalog has it
     * @return an {@link Unread} if the driver has no object for it
     */
    static @Nullable Object read(ResultSet row, int index, String type) throws SQLException {
        try {
            return asDriven(row, index, type);
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith(CONNECTION_LOST)) {
                throw e;
            }
            return new Unread("SQL state " + e.getSQLState());
        } catch (RuntimeException e) {
            // What a driver has not thought of, such as a month 0 in a class without one.
            return new Unread(e.getClass().getSimpleName());
        }
    }

    private static @Nullable Object asDriven(ResultSet row, int index, String type) throws SQLException {
        String plain = type.toLowerCase(Locale.ROOT);
        if (TIME.matcher(plain).matches()) {
            return row.getObject(index, LocalTime.class);
        }
        if (LOCAL.matcher(plain).matches()) {
            return row.getObject(index, LocalDateTime.class);
        }
        if (NUMBER.matcher(plain).matches()) {
            return row.getObject(index, Integer.class);
        }
        return row.getObject(index);
    }

    /**
     * Whether the values are the same to the last byte, though a driver and a conversion may give them as different
     * types: an Integer and a Long, a Timestamp and a LocalDateTime, a decimal with and without zeros at its end.
     */
    static boolean same(List<@Nullable Object> left, List<@Nullable Object> right) {
        return left.size() == right.size()
                && IntStream.range(0, left.size()).allMatch(i -> same(left.get(i), right.get(i)));
    }

    static boolean allNull(List<@Nullable Object> values) {
        return values.stream().allMatch(Objects::isNull);
    }

    private static boolean same(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == right;
        }
        if (left instanceof byte[] a && right instanceof byte[] b) {
            return Arrays.equals(a, b);
        }
        Object a = plain(left);
        Object b = plain(right);
        if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
            return x.compareTo(y) == 0;
        }
        return a.equals(b);
    }

    private static Object plain(Object value) {
        if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            return Double.isFinite(number) ? new BigDecimal(value.toString()) : (Object) number;
        }
        if (value instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        if (value instanceof Number number && !(value instanceof BigDecimal)) {
            return BigDecimal.valueOf(number.longValue());
        }
        if (value instanceof Boolean truth) {
            return truth ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (value instanceof Timestamp time) {
            return time.toLocalDateTime();
        }
        if (value instanceof Date date) {
            return date.toLocalDate();
        }
        if (value instanceof Time time) {
            return local(time);
        }
        if (value instanceof OffsetDateTime time) {
            return local(time.toInstant());
        }
        if (value instanceof Instant instant) {
            return local(instant);
        }
        if (value instanceof String || value instanceof BigDecimal) {
            return value;
        }
        // What only the driver knows, such as PostgreSQL's json, is its text.
        return value.getClass().getName().startsWith("java.") ? value : value.toString();
    }

    /** The value as a text that the database takes for the column. */
    static @Nullable String text(@Nullable Object value, Database database, String type) {
        boolean postgres = database == Database.POSTGRESQL;
        if (value == null) {
            return null;
        }
        if (!postgres && isBinary(type)) {
            return hex(value instanceof byte[] bytes ? bytes : value.toString().getBytes(StandardCharsets.UTF_8));
        }
        if (value instanceof byte[] bits && type.startsWith("bit")) {
            return new BigInteger(1, bits).toString();
        }
        if (value instanceof byte[] bytes) {
            return postgres ? "\\x" + hex(bytes) : new String(bytes, StandardCharsets.UTF_8);
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof Boolean truth && !postgres) {
            return truth ? "1" : "0";
        }
        if (value instanceof Timestamp time) {
            return moment(time.toInstant(), time.toLocalDateTime(), postgres, type);
        }
        if (value instanceof OffsetDateTime time) {
            return moment(time.toInstant(), local(time.toInstant()), postgres, type);
        }
        if (value instanceof Instant instant) {
            return moment(instant, local(instant), postgres, type);
        }
        if (value instanceof LocalDateTime time) {
            return local(time, postgres);
        }
        if (value instanceof Time time) {
            return local(time).toString();
        }
        return value.toString();
    }

    /** Whether MySQL gives and takes the column's values as bytes. */
    static boolean isBinary(String type) {
        String plain = type.toLowerCase(Locale.ROOT);
        return plain.startsWith("binary") || plain.startsWith("varbinary") || plain.contains("blob");
    }

    /** Its driver gives the two ends of PostgreSQL's time as the ends of Java's. */
    private static String local(LocalDateTime time, boolean postgres) {
        if (postgres && time.equals(LocalDateTime.MAX)) {
            return "infinity";
        }
        if (postgres && time.equals(LocalDateTime.MIN)) {
            return "-infinity";
        }
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    /** With its milliseconds, which {@link Time#toLocalTime} leaves out. */
    private static LocalTime local(Time time) {
        return time.toLocalTime().with(ChronoField.MILLI_OF_SECOND, Math.floorMod(time.getTime(), 1000L));
    }

    private static String moment(Instant instant, LocalDateTime local, boolean postgres, String type) {
        return postgres && type.contains("with time zone")
                ? instant.toString()
                : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(local);
    }

    /** As the drivers do it: in the JVM's zone. */
    private static LocalDateTime local(Instant instant) {
        return Timestamp.from(instant).toLocalDateTime();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}

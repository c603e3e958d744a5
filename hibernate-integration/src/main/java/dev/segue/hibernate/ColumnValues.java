package dev.segue.hibernate;

import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.util.Calendar;
import java.util.Date;
import java.util.Set;
import org.hibernate.dialect.Dialect;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column between JDBC, as its driver gives and takes them without knowing a type, and Java, as the
 * mapping has them. So the backfill converts as the application does.
 */
final class ColumnValues {

    /** Which point in time a column means by them depends on zones that are set in many places. */
    private static final Set<Class<?>> ZONED = Set.of(
            Instant.class, OffsetDateTime.class, OffsetTime.class, ZonedDateTime.class, Calendar.class, Date.class);

    private final BasicType<@Nullable Object> type;
    private final JavaType<@Nullable Object> stored;
    private final @Nullable Class<?> jdbc;
    private final WrapperOptions options;

    @SuppressWarnings("unchecked")
    private ColumnValues(BasicType<@Nullable Object> type, @Nullable Class<?> jdbc, WrapperOptions options) {
        this.type = type;
        this.stored = (JavaType<@Nullable Object>) type.getJdbcJavaType();
        this.jdbc = jdbc;
        this.options = options;
    }

    /** @throws UnfitConversionException if only a session of Hibernate could read and bind the type */
    static ColumnValues of(BasicType<@Nullable Object> type, Dialect dialect) {
        ColumnValues values = orNull(type, dialect);
        if (!values.isKnown()) {
            throw new UnfitConversionException(
                    "A conversion that exists only in Java cannot be run over columns of "
                            + type.getJavaTypeDescriptor().getJavaTypeClass().getName() + " (as "
                            + type.getJdbcType().getFriendlyName() + ").",
                    "Give the conversion an SQL form, or use a plain type: text, number, boolean, bytes, or a date or time"
                            + " without a zone.");
        }
        return values;
    }

    /** Of a type that only a session could read and bind it knows NULL alone, and throws at everything else. */
    static ColumnValues orNull(BasicType<@Nullable Object> type, Dialect dialect) {
        WrapperOptions options = Delegates.proxy(WrapperOptions.class, (proxy, method, arguments) -> {
            if (method.getName().equals("getDialect")) {
                return dialect;
            }
            throw new UnsupportedOperationException("There is no session to ask for " + method.getName() + ".");
        });
        Class<?> java = type.getJavaTypeDescriptor().getJavaTypeClass();
        boolean plain = type.getJdbcType().isStringLike()
                || type.getJdbcType().isNumber()
                || type.getJdbcType().isBoolean()
                || type.getJdbcType().isTemporal()
                || type.getJdbcType().isBinary();
        boolean known = plain && !type.getJdbcType().isLob() && !ZONED.contains(java);
        return new ColumnValues(type, known ? type.getJdbcType().getPreferredJavaTypeClass(options) : null, options);
    }

    /** Whether it knows more than NULL. */
    boolean isKnown() {
        return jdbc != null;
    }

    @Nullable
    Object fromJdbc(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        jdbc();
        return type.convertToDomainValue(stored.wrap(known(value), options));
    }

    @Nullable
    Object toJdbc(@Nullable Object value) {
        Object relational = type.convertToRelationalValue(value);
        return relational == null ? null : stored.unwrap(relational, jdbc(), options);
    }

    private Class<?> jdbc() {
        if (jdbc == null) {
            throw new IllegalStateException("Only a session could read and bind " + type.getName() + ".");
        }
        return jdbc;
    }

    /** What a driver gives in a class of its own, or of a newer kind than the type expects. */
    private Object known(Object value) {
        if (value instanceof LocalDateTime time && !stored.getTypeName().equals(LocalDateTime.class.getName())) {
            return Timestamp.valueOf(time);
        }
        if (value instanceof LocalTime time && !stored.getTypeName().equals(LocalTime.class.getName())) {
            return new Time(Time.valueOf(time).getTime() + time.get(ChronoField.MILLI_OF_SECOND));
        }
        if (value instanceof Number number && stored.getTypeName().equals(Boolean.class.getName())) {
            return number.longValue() != 0;
        }
        return value.getClass().getName().startsWith("java.") || value instanceof byte[] ? value : value.toString();
    }
}

package dev.segue.hibernate;

import dev.segue.change.Counterpart;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.dialect.Dialect;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.jdbc.spi.JdbcServices;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.jdbc.TimeJdbcType;
import org.hibernate.type.descriptor.jdbc.TimestampJdbcType;
import org.jspecify.annotations.Nullable;

/**
 * How a conversion is said to the backfill.
 *
 * @param counterpart what its form in SQL has to agree with
 */
record Said(Form form, @Nullable Counterpart counterpart) {

    /** Makes the form in Java, with what it is told of each column. */
    interface InJava {
        JavaForm over(Function<BasicType<@Nullable Object>, ColumnValues> columns);
    }

    /**
     * In SQL if it can be, and in Java in any case.
     *
     * @param before the types of the old columns
     * @param after those of the new ones
     * @throws UnfitConversionException if only Java can, and not over columns of these types, or if Hibernate shifts what is
     *     in them
     */
    static Said of(
            Optional<SqlForm> sql,
            InJava inJava,
            List<BasicType<@Nullable Object>> before,
            List<BasicType<@Nullable Object>> after,
            ServiceRegistry services) {
        Dialect dialect = services.requireService(JdbcServices.class).getDialect();
        requireNoShift(Stream.concat(before.stream(), after.stream()), services);
        if (sql.isEmpty()) {
            return new Said(inJava.over(type -> ColumnValues.of(type, dialect)), null);
        }
        Function<BasicType<@Nullable Object>, ColumnValues> columns = type -> ColumnValues.orNull(type, dialect);
        return new Said(
                sql.get(),
                new Counterpart(inJava.over(columns), constants(before, columns), constants(after, columns)));
    }

    /**
     * A zone of its own for JDBC shifts times without a zone on their way between an attribute and its column. The conversion
     * sees what the attribute has, and the backfill, like any SQL, what the column has.
     */
    private static void requireNoShift(Stream<BasicType<@Nullable Object>> types, ServiceRegistry services) {
        Object setting = services.requireService(ConfigurationService.class)
                .getSettings()
                .get(JdbcSettings.JDBC_TIME_ZONE);
        if (setting == null || zone(setting).hasSameRules(TimeZone.getDefault())) {
            return;
        }
        types.filter(type ->
                        type.getJdbcType() instanceof TimestampJdbcType || type.getJdbcType() instanceof TimeJdbcType)
                .findFirst()
                .ifPresent(type -> {
                    throw new UnfitConversionException(
                            "Hibernate shifts "
                                    + type.getJavaTypeDescriptor()
                                            .getJavaTypeClass()
                                            .getName()
                                    + " between the attribute and its column, because " + JdbcSettings.JDBC_TIME_ZONE
                                    + " is "
                                    + setting + " and the JVM's zone is "
                                    + TimeZone.getDefault().getID()
                                    + ", so the conversion would see another time than the backfill.",
                            "Run the JVM in that zone until the change is over.");
                });
    }

    private static TimeZone zone(Object setting) {
        return setting instanceof TimeZone zone
                ? zone
                : setting instanceof ZoneId id ? TimeZone.getTimeZone(id) : TimeZone.getTimeZone(setting.toString());
    }

    /** What the columns hold for each constant of an enum: nobody else would know. */
    private static List<List<Object>> constants(
            List<BasicType<@Nullable Object>> types, Function<BasicType<@Nullable Object>, ColumnValues> columns) {
        List<List<Object>> all = new ArrayList<>();
        for (BasicType<@Nullable Object> type : types) {
            Object[] constants = type.getJavaTypeDescriptor().getJavaTypeClass().getEnumConstants();
            ColumnValues column = columns.apply(type);
            all.add(
                    constants == null || !column.isKnown()
                            ? List.of()
                            : Arrays.stream(constants)
                                    .map(column::toJdbc)
                                    .filter(Objects::nonNull)
                                    .toList());
        }
        return all;
    }
}

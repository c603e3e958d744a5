package dev.segue.hibernate;

import dev.segue.change.Counterpart;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.dialect.Dialect;
import org.hibernate.type.BasicType;
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
     * @throws UnfitConversionException if only Java can, and not over columns of these types
     */
    static Said of(
            Optional<SqlForm> sql,
            InJava inJava,
            List<BasicType<@Nullable Object>> before,
            List<BasicType<@Nullable Object>> after,
            Dialect dialect) {
        if (sql.isEmpty()) {
            return new Said(inJava.over(type -> ColumnValues.of(type, dialect)), null);
        }
        Function<BasicType<@Nullable Object>, ColumnValues> columns = type -> ColumnValues.orNull(type, dialect);
        return new Said(
                sql.get(),
                new Counterpart(inJava.over(columns), constants(before, columns), constants(after, columns)));
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

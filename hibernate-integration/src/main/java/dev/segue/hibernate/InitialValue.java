package dev.segue.hibernate;

import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.dialect.Dialect;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * What a new attribute is until it is set freely: a function of other columns, or a constant. Thread-safe, as the
 * conversion is.
 *
 * @param attribute the entity and the attribute, as a message names them
 * @param name the class of the conversion
 * @param sources the columns that it is computed from, as the database has their names
 * @param sourceTypes how each of them is read
 * @param f from the values of the sources, in their order
 * @param sql the same as an expression, if it can be said
 */
record InitialValue(
        String attribute,
        String change,
        String name,
        List<String> sources,
        List<BasicType<@Nullable Object>> sourceTypes,
        Function<List<@Nullable Object>, @Nullable Object> f,
        BasicType<@Nullable Object> newType,
        Optional<String> sql) {

    /** @throws UnfitConversionException if the conversion cannot be made, or does not fit the attribute */
    static InitialValue of(
            Mark mark,
            String attribute,
            BasicType<@Nullable Object> newType,
            TypeConfiguration types,
            Database database) {
        Class<?> type = Objects.requireNonNull(mark.conversion());
        ConversionClass conversion = ConversionClass.of(type);
        conversion.requireItMakes(newType);
        List<String> sources = mark.columns();
        Function<Object, Object> toNew = conversion.made()::toNew;
        List<BasicType<@Nullable Object>> sourceTypes;
        Function<List<@Nullable Object>, @Nullable Object> f;
        if (sources.size() < 2) {
            sourceTypes = sources.stream()
                    .map(source -> ConversionClass.basic(conversion.before(), types))
                    .toList();
            f = values -> call(toNew, values.isEmpty() ? null : values.get(0));
        } else {
            Class<?> whole = conversion.before();
            List<Class<?>> parts = components(whole, sources);
            sourceTypes = parts.stream()
                    .map(part -> ConversionClass.basic(part, types))
                    .toList();
            Constructor<?> constructor = constructor(whole, parts);
            f = values -> call(toNew, record(constructor, values));
        }
        return new InitialValue(
                attribute,
                mark.change(),
                type.getName(),
                sources,
                sourceTypes,
                f,
                newType,
                sql(conversion, sources, database));
    }

    @SuppressWarnings("NullAway") // NULL goes through a conversion as well.
    private static @Nullable Object call(Function<Object, Object> toNew, @Nullable Object value) {
        return toNew.apply(value);
    }

    private static List<Class<?>> components(Class<?> type, List<String> sources) {
        List<Class<?>> parts = !type.isRecord()
                ? List.of()
                : Stream.of(type.getRecordComponents())
                        .<Class<?>>map(RecordComponent::getType)
                        .toList();
        if (parts.size() != sources.size()) {
            throw new UnfitConversionException(
                    "The value comes from the columns " + sources + ", and the conversion takes a " + type.getName()
                            + ".",
                    "Let the conversion's first type be a record with one component for each of them, in this order.");
        }
        return parts;
    }

    private static Constructor<?> constructor(Class<?> type, List<Class<?>> parts) {
        try {
            Constructor<?> canonical = type.getDeclaredConstructor(parts.toArray(Class<?>[]::new));
            canonical.setAccessible(true);
            return canonical;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UnfitConversionException(
                    "The record " + type.getName() + " cannot be made: " + e + ".", "Make it public.");
        }
    }

    /** Nothing but NULLs are no record. */
    private static @Nullable Object record(Constructor<?> constructor, List<@Nullable Object> values) {
        if (values.stream().allMatch(Objects::isNull)) {
            return null;
        }
        try {
            return constructor.newInstance(values.toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Optional<String> sql(ConversionClass conversion, List<String> sources, Database database) {
        Optional<SqlForm> form = conversion.sql(database);
        form.ifPresent(sql -> {
            if (sql.toNew().size() != 1) {
                throw new UnfitConversionException(
                        "The SQL form has " + sql.toNew().size() + " expressions for the new column.", "Give one.");
            }
            List<String> strangers = Site.strangers(sql.toNew(), sources);
            if (!strangers.isEmpty()) {
                throw new UnfitConversionException(
                        "The SQL form '" + sql.toNew().get(0) + "' names " + strangers + ", which it may not use.",
                        "Name the columns that the value comes from: " + sources + ".");
            }
            ConversionClass.requireNoQuestionMark(sql.toNew().get(0));
        });
        return form.map(sql -> sql.toNew().get(0));
    }

    /**
     * The attribute's value.
     *
     * @param values of the sources
     * @throws ValueRefusedException if the conversion throws
     */
    @Nullable
    Object of(List<@Nullable Object> values) {
        try {
            return f.apply(values);
        } catch (RuntimeException e) {
            // What it says may have the value in it.
            throw new ValueRefusedException("A value of " + attribute + " cannot be computed: " + name
                    + ".toNew throws " + e.getClass().getName() + " (change '" + change
                    + "'). Let the conversion take every value that its sources may hold, NULL as well.");
        }
    }

    /** Whether they are equal by the attribute's type. */
    boolean same(@Nullable Object left, @Nullable Object right) {
        return (left == null || right == null)
                ? left == right
                : newType.getJavaTypeDescriptor().areEqual(left, right);
    }

    /**
     * How the backfill computes it.
     *
     * @throws UnfitConversionException if only Java can, and not over columns of these types
     */
    Form form(Dialect dialect) {
        if (sql.isPresent()) {
            return new SqlForm(List.of(sql.get()), List.of());
        }
        List<ColumnValues> before =
                sourceTypes.stream().map(type -> ColumnValues.of(type, dialect)).toList();
        ColumnValues after = ColumnValues.of(newType, dialect);
        return JavaForm.lossless(
                values -> {
                    List<@Nullable Object> arguments = new ArrayList<>();
                    for (int i = 0; i < before.size(); i++) {
                        arguments.add(before.get(i).fromJdbc(values.get(i)));
                    }
                    return Collections.singletonList(after.toJdbc(of(arguments)));
                },
                values -> {
                    throw new IllegalStateException("The sources of " + attribute + " are never written.");
                });
    }
}

package dev.segue.hibernate;

import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of one attribute, with the types of both sides. Thread-safe, as the conversion is.
 *
 * @param attribute the entity and the attribute, as a message names them
 * @param change the id of the change
 * @param name the class of the conversion
 * @param f from the old value to the new one, as the user has written it; it takes NULL too
 * @param g from the new value to the old one, likewise
 * @param oldType how the old column's value is read and bound
 * @param newType how the attribute's value is read and bound in the new column
 * @param sql the conversion in SQL, if it can be said
 */
record AttributeConversion(
        String attribute,
        String change,
        String name,
        Function<@Nullable Object, @Nullable Object> f,
        Function<@Nullable Object, @Nullable Object> g,
        BasicType<@Nullable Object> oldType,
        BasicType<@Nullable Object> newType,
        Optional<SqlForm> sql) {

    /** The names of the columns, as the database has them. */
    record Columns(String before, String after) {}

    /**
     * Makes the conversion.
     *
     * @throws UnfitConversionException if it cannot be made, or does not fit the attribute
     */
    static AttributeConversion of(
            Mark mark,
            String attribute,
            Columns columns,
            BasicType<@Nullable Object> newType,
            TypeConfiguration types,
            Database database) {
        Class<?> type = Objects.requireNonNull(mark.conversion());
        ConversionClass conversion = ConversionClass.of(type);
        conversion.requireItMakes(newType.getJavaTypeDescriptor().getJavaTypeClass());
        return new AttributeConversion(
                attribute,
                mark.change(),
                type.getName(),
                conversion.made()::toNew,
                conversion.made()::toOld,
                ConversionClass.basic(conversion.before(), types),
                newType,
                sql(conversion, columns, database));
    }

    private static Optional<SqlForm> sql(ConversionClass conversion, Columns columns, Database database) {
        Optional<SqlForm> form = conversion.sql(database);
        form.ifPresent(sql -> {
            if (sql.toNew().size() != 1 || sql.toOld().size() != 1) {
                throw new UnfitConversionException(
                        "The SQL form has " + sql.toNew().size() + " expressions for the new column and "
                                + sql.toOld().size() + " for the old one.",
                        "Give one for each: SqlForm.of(toNew, toOld).");
            }
            check(sql.toNew().get(0), "old", columns.before());
            check(sql.toOld().get(0), "new", columns.after());
        });
        return form;
    }

    private static void check(String expression, String side, String column) {
        TreeSet<String> used = new TreeSet<>();
        UnaryOperator<String> use = placeholder -> {
            used.add(placeholder);
            return "";
        };
        SqlForm.fill(expression, use);
        used.removeAll(List.of(side, column));
        if (!used.isEmpty()) {
            throw new UnfitConversionException(
                    "The SQL form '" + expression + "' names " + used + ", which it may not use.",
                    "Name the column of the other side: {" + side + "} or {" + column + "}.");
        }
        if (SqlForm.fill(expression, placeholder -> "").equals(expression)) {
            throw new UnfitConversionException(
                    "The SQL form '" + expression + "' does not depend on the other side, so no value could come back.",
                    "Use {" + side + "} in it.");
        }
        ConversionClass.requireNoQuestionMark(expression);
    }

    /**
     * How the backfill converts.
     *
     * @throws UnfitConversionException if only Java can, and not over columns of these types
     */
    Said said(ServiceRegistry services) {
        return Said.of(sql, this::inJava, List.of(oldType), List.of(newType), services);
    }

    private JavaForm inJava(Function<BasicType<@Nullable Object>, ColumnValues> columns) {
        ColumnValues old = columns.apply(oldType);
        ColumnValues current = columns.apply(newType);
        return JavaForm.lossless(
                values -> Collections.singletonList(current.toJdbc(toNew(old.fromJdbc(values.get(0))))),
                values -> Collections.singletonList(old.toJdbc(toOld(current.fromJdbc(values.get(0))))));
    }

    /**
     * The attribute's value.
     *
     * @throws ValueRefusedException if the conversion throws
     */
    @Nullable
    Object toNew(@Nullable Object old) {
        try {
            return f.apply(old);
        } catch (RuntimeException e) {
            throw failed("toNew", e);
        }
    }

    /**
     * The old column's value, proven to become this one again.
     *
     * @throws ValueRefusedException if it does not, or if the conversion throws
     */
    @Nullable
    Object toOld(@Nullable Object current) {
        Object old;
        try {
            old = g.apply(current);
        } catch (RuntimeException e) {
            throw failed("toOld", e);
        }
        if (!same(toNew(old), current)) {
            throw new ValueRefusedException(("A value of " + attribute + " is refused: the %s does not survive the"
                            + " conversion to %s and back by " + name + " (change '" + change
                            + "'). Set a value that does, or correct the conversion.")
                    .formatted(typeOf(current, newType), typeOf(old, oldType)));
        }
        return old;
    }

    /** A value of a query as one of the attribute: {@code 3400} is a Long if the attribute is. */
    @Nullable
    Object attributeValue(@Nullable Object value) {
        return newType.getJavaTypeDescriptor().coerce(value);
    }

    /** Whether they are equal by the attribute's type. */
    boolean same(@Nullable Object left, @Nullable Object right) {
        return (left == null || right == null)
                ? left == right
                : newType.getJavaTypeDescriptor().areEqual(left, right);
    }

    /** Whether an old value becomes itself again. */
    boolean survives(@Nullable Object old) {
        try {
            Object back = g.apply(f.apply(old));
            return (old == null || back == null)
                    ? old == back
                    : oldType.getJavaTypeDescriptor().areEqual(old, back);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Whether NULL is NULL on both sides; a conversion that cannot take it has no such rows. */
    boolean keepsNull() {
        try {
            return f.apply(null) == null && g.apply(null) == null;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private ValueRefusedException failed(String direction, RuntimeException e) {
        // What it says may have the value in it.
        return new ValueRefusedException("A value of " + attribute + " is refused: " + name + "." + direction
                + " throws " + e.getClass().getName() + " (change '" + change
                + "'). Let the conversion take every value"
                + " that the columns may hold, NULL as well.");
    }

    private static String typeOf(@Nullable Object value, BasicType<?> type) {
        return (value == null ? "null " : "")
                + type.getJavaTypeDescriptor().getJavaTypeClass().getName();
    }
}

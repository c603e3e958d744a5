package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
            Replaces annotation,
            String attribute,
            Columns columns,
            BasicType<?> newType,
            TypeConfiguration types,
            Database database) {
        Class<?> type = annotation.conversion();
        List<Class<?>> sides = TypeArguments.of(type, Conversion.class);
        if (sides.isEmpty()) {
            throw new UnfitConversionException(
                    "The conversion leaves open between which two classes it converts.",
                    "Let it implement Conversion with two plain classes, such as Conversion<BigDecimal, Long>.");
        }
        Class<?> attributeType = newType.getJavaTypeDescriptor().getJavaTypeClass();
        if (!boxed(attributeType).equals(boxed(sides.get(1)))) {
            throw new UnfitConversionException(
                    "The conversion makes a " + sides.get(1).getName() + " and the attribute is a "
                            + attributeType.getName() + ".",
                    "Let the conversion's second type be the attribute's.");
        }
        BasicType<?> oldType = types.getBasicTypeForJavaType(sides.get(0));
        if (oldType == null
                || types.getBasicTypeRegistry().getRegisteredType(sides.get(0).getName()) == null) {
            throw new UnfitConversionException(
                    "Hibernate has no basic type for " + sides.get(0).getName() + ", so the old column cannot be read.",
                    "Convert from a basic type, such as String, Integer or BigDecimal.");
        }
        Conversion<Object, Object> made = make(type);
        return new AttributeConversion(
                attribute,
                annotation.change(),
                type.getName(),
                made::toNew,
                made::toOld,
                cast(oldType),
                cast(newType),
                sql(made, columns, database));
    }

    @SuppressWarnings("unchecked")
    private static BasicType<@Nullable Object> cast(BasicType<?> type) {
        return (BasicType<@Nullable Object>) type;
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }

    @SuppressWarnings("unchecked")
    private static Conversion<Object, Object> make(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            if (Modifier.isPrivate(constructor.getModifiers())) {
                throw new IllegalAccessException("its constructor is private");
            }
            constructor.setAccessible(true);
            return (Conversion<Object, Object>) constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw new UnfitConversionException(
                    "The conversion's constructor failed: " + e.getCause() + ".",
                    "Correct it; a conversion needs nothing but its class.");
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UnfitConversionException(
                    "The conversion cannot be made: " + e + ".",
                    "Make it a public class, static if it is in another class, not abstract, with a public constructor"
                            + " without parameters.");
        }
    }

    private static Optional<SqlForm> sql(Conversion<?, ?> conversion, Columns columns, Database database) {
        Optional<SqlForm> form;
        try {
            form = conversion.sql(database);
        } catch (RuntimeException e) {
            throw new UnfitConversionException(
                    "The conversion's sql(" + database + ") failed: " + e + ".", "Correct it.");
        }
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
        if (expression.contains("?")) {
            throw new UnfitConversionException(
                    "The SQL form '" + expression + "' has a question mark, which a driver takes for a parameter.",
                    "Say it without, by a function in the place of the operator.");
        }
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

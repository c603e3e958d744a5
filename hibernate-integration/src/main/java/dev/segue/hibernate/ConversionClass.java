package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Optional;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A conversion that a user has written, and the classes that it says it converts between.
 *
 * @param before the class of the old value
 * @param after the class of the attribute's value
 */
record ConversionClass(Class<?> before, Class<?> after, Conversion<Object, Object> made) {

    /** @throws UnfitConversionException if it cannot be made, or leaves a class open */
    static ConversionClass of(Class<?> type) {
        List<Class<?>> sides = TypeArguments.of(type, Conversion.class);
        if (sides.isEmpty()) {
            throw new UnfitConversionException(
                    "The conversion leaves open between which two classes it converts.",
                    "Let it implement Conversion with two plain classes, such as Conversion<BigDecimal, Long>.");
        }
        return new ConversionClass(sides.get(0), sides.get(1), make(type));
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

    /** @throws UnfitConversionException if it makes something else than values of that type */
    void requireItMakes(Class<?> type) {
        if (!boxed(type).equals(boxed(after))) {
            throw new UnfitConversionException(
                    "The conversion makes a " + after.getName() + " and the attribute is a " + type.getName() + ".",
                    "Let the conversion's second type be the attribute's.");
        }
    }

    static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    /**
     * How a column of that class is read.
     *
     * @throws UnfitConversionException if Hibernate does not know
     */
    @SuppressWarnings("unchecked")
    static BasicType<@Nullable Object> basic(Class<?> column, TypeConfiguration types) {
        BasicType<?> type = types.getBasicTypeForJavaType(column);
        if (type == null || types.getBasicTypeRegistry().getRegisteredType(column.getName()) == null) {
            throw new UnfitConversionException(
                    "Hibernate has no basic type for " + column.getName() + ", so the old column cannot be read.",
                    "Convert from a basic type, such as String, Integer or BigDecimal.");
        }
        return (BasicType<@Nullable Object>) type;
    }

    Optional<SqlForm> sql(Database database) {
        try {
            return made.sql(database);
        } catch (RuntimeException e) {
            throw new UnfitConversionException(
                    "The conversion's sql(" + database + ") failed: " + e + ".", "Correct it.");
        }
    }

    /** @throws UnfitConversionException if an expression has what a statement of Hibernate's cannot carry */
    static void requireNoQuestionMark(String expression) {
        if (expression.contains("?")) {
            throw new UnfitConversionException(
                    "The SQL form '" + expression + "' has a question mark, which a driver takes for a parameter.",
                    "Say it without, by a function in the place of the operator.");
        }
    }
}

package dev.segue.hibernate;

import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.Property;
import org.hibernate.service.ServiceRegistry;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The conversion of an attribute that lies in several columns, or takes the place of several. Thread-safe, as the
 * conversion is.
 *
 * @param attribute the entity and the attribute, as a message names them
 * @param name the class of the conversion
 * @param columns the old ones, as the database has their names
 * @param f from the old value to the attribute's, as the user has written it
 * @param g from the attribute's value to the old one, likewise
 * @param before the old value, in the order of the columns
 * @param after the attribute's value, in the order of its declaration
 * @param sql the conversion in SQL, if it can be said
 */
record GroupConversion(
        String attribute,
        String change,
        String name,
        List<String> columns,
        Function<@Nullable Object, @Nullable Object> f,
        Function<@Nullable Object, @Nullable Object> g,
        Parts before,
        Parts after,
        Optional<SqlForm> sql) {

    /** Whether an attribute needs one: it lies in several columns, or takes the place of several. */
    static boolean isNeeded(Mark mark, Property attribute) {
        return mark.columns().size() > 1 || attribute.getValue() instanceof Component;
    }

    /**
     * Makes the conversion.
     *
     * @param newColumns as the database has their names, in the order of the attribute's declaration
     * @throws UnfitConversionException if it cannot be made, or does not fit the attribute
     */
    static GroupConversion of(
            Mark mark,
            String where,
            Property attribute,
            List<String> newColumns,
            TypeConfiguration types,
            Database database) {
        Class<?> type = Objects.requireNonNull(mark.conversion());
        ConversionClass conversion = ConversionClass.of(type);
        Parts after = Parts.of(attribute);
        if (attribute.getValue() instanceof Component component) {
            conversion.requireItMakes(component.getComponentClass());
        } else {
            conversion.requireItMakes(
                    after.types().get(0).getJavaTypeDescriptor().getJavaTypeClass());
        }
        Parts before = Parts.of(conversion.before(), mark.columns(), types);
        Optional<SqlForm> sql = sql(conversion, mark.columns(), newColumns, database);
        if (sql.isEmpty() && mark.columns().size() > 1) {
            throw new UnfitConversionException(
                    "A value that comes from several columns cannot be read by a conversion that exists only in Java.",
                    "Give the conversion an SQL form.");
        }
        return new GroupConversion(
                where,
                mark.change(),
                type.getName(),
                mark.columns(),
                conversion.made()::toNew,
                conversion.made()::toOld,
                before,
                after,
                sql);
    }

    private static Optional<SqlForm> sql(
            ConversionClass conversion, List<String> before, List<String> after, Database database) {
        Optional<SqlForm> form = conversion.sql(database);
        form.ifPresent(sql -> {
            check(sql.toNew(), after, before);
            check(sql.toOld(), before, after);
        });
        return form;
    }

    private static void check(List<String> expressions, List<String> targets, List<String> sources) {
        if (expressions.size() != targets.size()) {
            throw new UnfitConversionException(
                    "The SQL form has " + expressions.size() + " expressions for the columns " + targets + ".",
                    "Give one for each: new SqlForm(List.of(...), List.of(...)), those of an embedded object in the order"
                            + " in which it declares its attributes.");
        }
        List<String> strangers = Site.strangers(expressions, sources);
        if (!strangers.isEmpty()) {
            throw new UnfitConversionException(
                    "The SQL form names " + strangers + ", which it may not use.",
                    "Name columns of the other side: " + sources + ".");
        }
        expressions.forEach(ConversionClass::requireNoQuestionMark);
    }

    /**
     * The attribute's value.
     *
     * @param old the values of the old columns
     * @throws ValueRefusedException if the conversion throws
     */
    @Nullable
    Object toNew(List<@Nullable Object> old) {
        try {
            return f.apply(before.value(old));
        } catch (RuntimeException e) {
            throw failed("toNew", e);
        }
    }

    /**
     * The old columns' values, proven to become this one again.
     *
     * @throws ValueRefusedException if they do not, or if the conversion throws
     */
    List<@Nullable Object> toOld(@Nullable Object current) {
        List<@Nullable Object> old;
        try {
            old = before.values(g.apply(current));
        } catch (RuntimeException e) {
            throw failed("toOld", e);
        }
        if (!after.same(toNew(old), current)) {
            throw new ValueRefusedException("A value of " + attribute
                    + " is refused: it does not survive the conversion to " + String.join(", ", columns)
                    + " and back by " + name + " (change '" + change
                    + "'). Set a value that does, or correct the conversion.");
        }
        return old;
    }

    /** Whether old values become themselves again. */
    boolean survives(List<@Nullable Object> old) {
        try {
            return before.sameValues(before.values(g.apply(f.apply(before.value(old)))), old);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /**
     * How the backfill converts.
     *
     * @throws UnfitConversionException if only Java can, and not over columns of these types
     */
    Said said(ServiceRegistry services) {
        return Said.of(sql, this::inJava, before.types(), after.types(), services);
    }

    private JavaForm inJava(Function<BasicType<@Nullable Object>, ColumnValues> columns) {
        List<ColumnValues> old = before.types().stream().map(columns).toList();
        List<ColumnValues> current = after.types().stream().map(columns).toList();
        return JavaForm.lossless(
                values -> toJdbc(current, after.values(toNew(fromJdbc(old, values)))),
                values -> toJdbc(old, toOld(after.value(fromJdbc(current, values)))));
    }

    private static List<@Nullable Object> fromJdbc(List<ColumnValues> columns, List<@Nullable Object> values) {
        List<@Nullable Object> converted = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            converted.add(columns.get(i).fromJdbc(values.get(i)));
        }
        return converted;
    }

    private static List<@Nullable Object> toJdbc(List<ColumnValues> columns, List<@Nullable Object> values) {
        List<@Nullable Object> converted = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            converted.add(columns.get(i).toJdbc(values.get(i)));
        }
        return converted;
    }

    private ValueRefusedException failed(String direction, RuntimeException e) {
        // What it says may have the value in it.
        return new ValueRefusedException("A value of " + attribute + " is refused: " + name + "." + direction
                + " throws " + e.getClass().getName() + " (change '" + change
                + "'). Let the conversion take every value that the columns may hold, NULL as well.");
    }
}

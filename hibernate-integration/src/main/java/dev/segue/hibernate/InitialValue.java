package dev.segue.hibernate;

import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.hibernate.service.ServiceRegistry;
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
 * @param before the value that the conversion takes, in the order of the sources
 * @param f from that value, as the user has written it
 * @param sql the same as an expression, if it can be said
 */
record InitialValue(
        String attribute,
        String change,
        String name,
        List<String> sources,
        Parts before,
        Function<@Nullable Object, @Nullable Object> f,
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
        conversion.requireItMakes(newType.getJavaTypeDescriptor().getJavaTypeClass());
        return new InitialValue(
                attribute,
                mark.change(),
                type.getName(),
                mark.columns(),
                Parts.of(conversion.before(), mark.columns(), types),
                conversion.made()::toNew,
                newType,
                sql(conversion, mark.columns(), database));
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
            return f.apply(before.value(values));
        } catch (RuntimeException e) {
            // What it says may have the value in it.
            throw new ValueRefusedException("A value of " + attribute + " cannot be computed: " + name
                    + ".toNew throws " + e.getClass().getName() + " (change '" + change
                    + "'). Let the conversion take every value that its sources may hold, NULL as well.");
        }
    }

    /** Whether they are equal by the attribute's type. */
    boolean same(@Nullable Object left, @Nullable Object right) {
        return Parts.same(newType, left, right);
    }

    /**
     * How the backfill computes it.
     *
     * @throws UnfitConversionException if only Java can, and not over columns of these types
     */
    Said said(ServiceRegistry services) {
        return Said.of(
                sql.map(expression -> new SqlForm(List.of(expression), List.of())),
                this::inJava,
                before.types(),
                List.of(newType),
                services);
    }

    private JavaForm inJava(Function<BasicType<@Nullable Object>, ColumnValues> of) {
        List<ColumnValues> columns = before.types().stream().map(of).toList();
        ColumnValues after = of.apply(newType);
        return JavaForm.lossless(
                values -> {
                    List<@Nullable Object> arguments = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        arguments.add(columns.get(i).fromJdbc(values.get(i)));
                    }
                    return Collections.singletonList(after.toJdbc(of(arguments)));
                },
                values -> {
                    throw new IllegalStateException("The sources of " + attribute + " are never written.");
                });
    }
}

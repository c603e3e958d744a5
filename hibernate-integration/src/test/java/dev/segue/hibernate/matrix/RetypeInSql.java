package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import dev.segue.hibernate.model.Account.EurosToCents;
import dev.segue.test.database.Engine;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The column gets another type, by a conversion that can be said in SQL. */
final class RetypeInSql extends Replacement {

    @Replaces(change = CHANGE, column = OLD, conversion = EurosToCents.class)
    @Nullable
    Long number;

    @Replaces(change = CHANGE, column = OLD, conversion = Doubled.class)
    @Nullable
    String text;

    @Override
    String name() {
        return "retype in sql";
    }

    @Override
    String typeBefore(Engine engine, Values values) {
        return values.is(Values.Trait.NUMBER) ? "numeric(38,2)" : "varchar(200)";
    }

    @Override
    @Nullable
    Object before(@Nullable Object current) {
        return current instanceof String text
                ? text + text
                : current == null ? null : BigDecimal.valueOf((Long) current, 2);
    }

    @Override
    @Nullable
    Object after(Values values, @Nullable Object old) {
        return old instanceof String text
                ? new Doubled().toNew(text)
                : old == null ? null : ((BigDecimal) old).movePointRight(2).longValueExact();
    }

    /** The old text is the new one twice. */
    public static final class Doubled implements Conversion<String, String> {

        @Override
        @SuppressWarnings("NullAway")
        public String toNew(@Nullable String old) {
            return old == null ? null : old.substring(0, old.length() / 2);
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable String current) {
            return current == null ? null : current + current;
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of(
                    "left({old}, char_length({old}) / 2)",
                    database == Database.POSTGRESQL ? "{new} || {new}" : "concat({new}, {new})"));
        }
    }
}

package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Two columns become one. */
final class Merge extends Grouping {

    @Replaces(
            change = CHANGE,
            column = {OLD, OLD_REST},
            conversion = OfParts.class)
    @Nullable
    Long number;

    Merge() {
        super(Map.of(OLD, "bigint", OLD_REST, "bigint"), new OfParts());
    }

    @Override
    String name() {
        return "merge";
    }

    /** Of 1 and 2 a 12. */
    public static final class OfParts implements Conversion<Two, Long> {

        @Override
        @SuppressWarnings("NullAway")
        public Long toNew(@Nullable Two old) {
            return old == null ? null : old.first() * 10 + old.second();
        }

        @Override
        @SuppressWarnings("NullAway")
        public Two toOld(@Nullable Long current) {
            return current == null ? null : new Two(current / 10, current % 10);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(
                    List.of("{amount_old} * 10 + {amount_old_rest}"),
                    List.of(database == Database.POSTGRESQL ? "{new} / 10" : "{new} div 10", "mod({new}, 10)")));
        }
    }
}

package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Two columns become two others. */
final class Regroup extends Grouping {

    @Replaces(
            change = CHANGE,
            column = {OLD, OLD_REST},
            conversion = OfSum.class)
    @Nullable
    Digits digits;

    Regroup() {
        super(Map.of(OLD, "bigint", OLD_REST, "bigint"), new OfSum());
    }

    @Override
    String name() {
        return "regroup";
    }

    /** Of the sum 3, with a 2 in it, a 1 and a 2. */
    public static final class OfSum implements Conversion<Two, Digits> {

        @Override
        @SuppressWarnings("NullAway")
        public Digits toNew(@Nullable Two old) {
            return old == null ? null : new Digits(old.first() - old.second(), old.second());
        }

        @Override
        @SuppressWarnings("NullAway")
        public Two toOld(@Nullable Digits current) {
            return current == null ? null : new Two(current.tens() + current.rest(), current.rest());
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(
                    List.of("{amount_old} - {amount_old_rest}", "{amount_old_rest}"),
                    List.of("{amount_new} + {amount_new_rest}", "{amount_new_rest}")));
        }
    }
}

package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One column becomes two. */
final class Split extends Grouping {

    @Replaces(change = CHANGE, column = OLD, conversion = OfNumber.class)
    @Nullable
    Digits digits;

    Split() {
        super(Map.of(OLD, "bigint"), new OfNumber());
    }

    @Override
    String name() {
        return "split";
    }

    /** Of 12 a 1 and a 2. */
    public static final class OfNumber implements Conversion<Long, Digits> {

        @Override
        @SuppressWarnings("NullAway")
        public Digits toNew(@Nullable Long old) {
            return old == null ? null : new Digits(old / 10, old % 10);
        }

        @Override
        @SuppressWarnings("NullAway")
        public Long toOld(@Nullable Digits current) {
            return current == null ? null : current.tens() * 10 + current.rest();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(
                    List.of(database == Database.POSTGRESQL ? "{old} / 10" : "{old} div 10", "mod({old}, 10)"),
                    List.of("{amount_new} * 10 + {amount_new_rest}")));
        }
    }
}

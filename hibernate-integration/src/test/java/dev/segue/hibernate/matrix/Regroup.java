package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Replaces;
import dev.segue.test.database.Engine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Two columns become two others. */
final class Regroup extends Several {

    @Replaces(
            change = CHANGE,
            column = {OLD, OLD_REST},
            conversion = OfSum.class)
    @Nullable
    Digits digits;

    @Override
    String name() {
        return "regroup";
    }

    @Override
    Map<String, String> columnsBefore(Engine engine, Values values) {
        return Map.of(OLD, "bigint", OLD_REST, "bigint");
    }

    @Override
    Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        Sum sum = new OfSum().toOld(Digits.of(row));
        Map<String, @Nullable Object> before = new TreeMap<>();
        before.put(OLD, sum == null ? null : sum.sum());
        before.put(OLD_REST, sum == null ? null : sum.rest());
        return before;
    }

    /** Of both, and one of them. */
    public record Sum(Long sum, Long rest) {}

    /** Of the sum 3 with a 2 in it a 1 and a 2. */
    public static final class OfSum implements Conversion<Sum, Digits> {

        @Override
        @SuppressWarnings("NullAway")
        public Digits toNew(@Nullable Sum old) {
            return old == null ? null : new Digits(old.sum() - old.rest(), old.rest());
        }

        @Override
        @SuppressWarnings("NullAway")
        public Sum toOld(@Nullable Digits current) {
            return current == null ? null : new Sum(current.tens() + current.rest(), current.rest());
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(
                    List.of("{amount_old} - {amount_old_rest}", "{amount_old_rest}"),
                    List.of("{amount_new} + {amount_new_rest}", "{amount_new_rest}")));
        }
    }
}

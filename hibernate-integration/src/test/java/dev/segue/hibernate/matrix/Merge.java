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

/** Two columns become one. */
final class Merge extends Several {

    @Replaces(
            change = CHANGE,
            column = {OLD, OLD_REST},
            conversion = OfParts.class)
    @Nullable
    Long number;

    @Override
    String name() {
        return "merge";
    }

    @Override
    Map<String, String> columnsBefore(Engine engine, Values values) {
        return Map.of(OLD, "bigint", OLD_REST, "bigint");
    }

    @Override
    Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        Parts parts = new OfParts().toOld((Long) row.get(NEW));
        Map<String, @Nullable Object> before = new TreeMap<>();
        before.put(OLD, parts == null ? null : parts.tens());
        before.put(OLD_REST, parts == null ? null : parts.rest());
        return before;
    }

    /** The tens of a number, and what is left. */
    public record Parts(Long tens, Long rest) {}

    /** Of 1 and 2 a 12. */
    public static final class OfParts implements Conversion<Parts, Long> {

        @Override
        @SuppressWarnings("NullAway")
        public Long toNew(@Nullable Parts old) {
            return old == null ? null : old.tens() * 10 + old.rest();
        }

        @Override
        @SuppressWarnings("NullAway")
        public Parts toOld(@Nullable Long current) {
            return current == null ? null : new Parts(current / 10, current % 10);
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(new SqlForm(
                    List.of("{amount_old} * 10 + {amount_old_rest}"),
                    List.of(database == Database.POSTGRESQL ? "{new} / 10" : "{new} div 10", "mod({new}, 10)")));
        }
    }
}

package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Introduces;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A column comes, at first told by another one. */
final class Introduce extends Several {

    @Introduces(change = CHANGE, from = "nr", initial = OfNumber.class)
    @Nullable
    Long number;

    @Override
    String name() {
        return "introduce";
    }

    @Override
    Map<String, String> columnsBefore(Engine engine, Values values) {
        return Map.of();
    }

    @Override
    public Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        return Map.of();
    }

    /** Null is what is not set, and then the value is the one that is computed. */
    @Override
    Map<String, @Nullable Object> row(Phase phase, Map<String, @Nullable Object> plain) {
        Map<String, @Nullable Object> expected = super.row(phase, plain);
        if (phase != Phase.NEW_ONLY && expected.containsKey(NEW) && expected.get(NEW) == null) {
            expected.put(NEW, new OfNumber().toNew((Integer) Objects.requireNonNull(plain.get("nr"))));
        }
        return expected;
    }

    @Override
    boolean compares(Way way) {
        // Nothing changes by it, as long as null is what is not set.
        return !way.name().equals("change to null") && !way.name().equals("stateless update to null");
    }

    /** What most ways write into a row of that number. */
    public static final class OfNumber implements Conversion<Integer, Long> {

        @Override
        @SuppressWarnings("NullAway")
        public Long toNew(Integer nr) {
            return switch (nr) {
                case 1 -> 100L;
                case 2 -> 1000L;
                case 3 -> null;
                case 4 -> 2500L;
                default -> (Long) Types.NUMBER.any(nr);
            };
        }

        @Override
        public Integer toOld(Long current) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(SqlForm.of(
                    "case when {nr} = 3 then null when {nr} = 1 then 100 when {nr} = 2 then 1000 when {nr} = 4 then 2500"
                            + " when mod({nr}, 4) = 0 then 100 when mod({nr}, 4) = 1 then 1000"
                            + " when mod({nr}, 4) = 2 then 2500 else 30000 end",
                    "null"));
        }
    }
}

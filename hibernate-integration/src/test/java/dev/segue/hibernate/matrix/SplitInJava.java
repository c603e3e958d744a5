package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.hibernate.Replaces;
import dev.segue.test.database.Engine;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One column becomes two, by a conversion that exists only in Java. */
final class SplitInJava extends Several {

    @Replaces(change = CHANGE, column = OLD, conversion = OfText.class)
    @Nullable
    Digits digits;

    @Override
    String name() {
        return "split in java";
    }

    @Override
    Map<String, String> columnsBefore(Engine engine, Values values) {
        return Map.of(OLD, "varchar(50)");
    }

    @Override
    Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        return Collections.singletonMap(OLD, new OfText().toOld(Digits.of(row)));
    }

    /** Of 1x2 a 1 and a 2. */
    public static final class OfText implements Conversion<String, Digits> {

        @Override
        @SuppressWarnings("NullAway")
        public Digits toNew(@Nullable String old) {
            int cross = old == null ? 0 : old.indexOf('x');
            return old == null
                    ? null
                    : new Digits(Long.parseLong(old.substring(0, cross)), Long.parseLong(old.substring(cross + 1)));
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable Digits current) {
            return current == null ? null : current.tens() + "x" + current.rest();
        }
    }
}

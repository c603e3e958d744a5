package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.hibernate.Replaces;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One column becomes two, by a conversion that exists only in Java. */
final class SplitInJava extends Grouping {

    @Replaces(change = CHANGE, column = OLD, conversion = OfText.class)
    @Nullable
    Digits digits;

    SplitInJava() {
        super(Map.of(OLD, "varchar(50)"), new OfText());
    }

    @Override
    String name() {
        return "split in java";
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

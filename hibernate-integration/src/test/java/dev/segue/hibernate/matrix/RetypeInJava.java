package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.hibernate.Replaces;
import dev.segue.test.database.Engine;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The column gets another type, by a conversion that exists only in Java and keeps no order. */
final class RetypeInJava extends Replacement {

    @Replaces(change = CHANGE, column = OLD, conversion = Hexadecimal.class)
    @Nullable
    Long number;

    @Replaces(change = CHANGE, column = OLD, conversion = Letter.class)
    Types.@Nullable Grade grade;

    @Override
    String name() {
        return "retype in java";
    }

    @Override
    String typeBefore(Engine engine, Values values) {
        return "varchar(20)";
    }

    @Override
    @Nullable
    Object before(@Nullable Object current) {
        return current instanceof Long number
                ? new Hexadecimal().toOld(number)
                : current == null ? null : new Letter().toOld(Types.Grade.valueOf((String) current));
    }

    @Override
    @Nullable
    Object after(Values values, @Nullable Object old) {
        if (old == null) {
            return null;
        }
        String text = (String) old;
        return values.is(Values.Trait.NUMBER)
                ? (Object) new Hexadecimal().toNew(text)
                : new Letter().toNew(text).name();
    }

    /** The old column holds x64 for 100. */
    public static final class Hexadecimal implements Conversion<String, Long> {

        @Override
        @SuppressWarnings("NullAway")
        public Long toNew(@Nullable String old) {
            return old == null ? null : Long.valueOf(old.substring(1), 16);
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable Long current) {
            return current == null ? null : "x" + Long.toHexString(current);
        }
    }

    /** The old column holds the first letter. */
    public static final class Letter implements Conversion<String, Types.Grade> {

        @Override
        @SuppressWarnings("NullAway")
        public Types.Grade toNew(@Nullable String old) {
            return Stream.of(Types.Grade.values())
                    .filter(grade -> Objects.equals(toOld(grade), old))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(Types.@Nullable Grade current) {
            return current == null ? null : current.name().substring(0, 1);
        }
    }
}

package dev.segue.change;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversion that exists only in Java, between the column values of one side and those of the other, as JDBC gives and
 * takes them, in the order of the site's columns.
 *
 * <p>A value must not convert to nothing but NULLs: by such a row nobody could tell a new side that was written from one
 * that was left out. NULL may convert to anything.
 *
 * @param toNew from the old columns to the new ones
 * @param toOld from the new columns to the old ones
 * @param lossy whether it is accepted that a value does not survive the way there and back
 */
public record JavaForm(Converter toNew, Converter toOld, boolean lossy) implements Form {

    /** One direction. Throws whatever it likes when it has no answer: the row is put aside, with the reason. */
    @FunctionalInterface
    public interface Converter {
        List<@Nullable Object> convert(List<@Nullable Object> values);
    }

    /** A form under which each value has to survive the way there and back. */
    public static JavaForm lossless(Converter toNew, Converter toOld) {
        return new JavaForm(toNew, toOld, false);
    }
}

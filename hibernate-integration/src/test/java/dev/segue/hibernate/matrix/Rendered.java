package dev.segue.hibernate.matrix;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values and results as texts that can be compared. */
final class Rendered {

    private Rendered() {}

    static String of(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof Object[] several) {
            return Arrays.stream(several).map(Rendered::of).toList().toString();
        }
        return value instanceof BigDecimal number ? number.toPlainString() : Objects.toString(value);
    }

    /** What a way has given back. */
    static String of(Shape shape, @Nullable Object result) {
        return of(shape, result, false);
    }

    /** The same with null for every value of the attribute. */
    static String hidden(Shape shape, @Nullable Object result) {
        return of(shape, result, true);
    }

    private static String of(Shape shape, @Nullable Object result, boolean hidden) {
        if (result instanceof List<?> list) {
            return list.stream().map(each -> of(shape, each, hidden)).toList().toString();
        }
        if (result instanceof Object[] several) {
            return of(shape, Arrays.asList(several), hidden);
        }
        if (result instanceof Row row) {
            return row.nr + "=" + of(hidden ? null : shape.get(row));
        }
        boolean value = result != null
                && shape.values().list().stream().map(Rendered::of).anyMatch(of(result)::equals);
        return of(hidden && value ? null : result);
    }
}

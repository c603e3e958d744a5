package dev.segue.hibernate.matrix;

import dev.segue.change.Conversion;
import dev.segue.test.database.Engine;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One column becomes two, two become one, or two others. Two old columns are a {@link Two}, two new ones {@link Digits}.
 */
abstract class Grouping extends Several implements Exchange {

    private final Map<String, String> columns;
    private final Conversion<Object, Object> conversion;

    /** @param columns the old ones, each with its type */
    @SuppressWarnings("unchecked")
    Grouping(Map<String, String> columns, Conversion<?, ?> conversion) {
        this.columns = columns;
        this.conversion = (Conversion<Object, Object>) conversion;
    }

    @Override
    final Map<String, String> columnsBefore(Engine engine, Values values) {
        return columns;
    }

    @Override
    @SuppressWarnings("NullAway")
    public final Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        Object current = changes(Digits.class) ? Digits.of(row) : row.get(NEW);
        Object old = conversion.toOld(current);
        Map<String, @Nullable Object> before = new TreeMap<>();
        columns.keySet().forEach(column -> before.put(column, null));
        if (old instanceof Two two) {
            before.put(OLD, two.first());
            before.put(OLD_REST, two.second());
        } else {
            before.put(OLD, old);
        }
        return before;
    }

    @Override
    @SuppressWarnings("NullAway")
    public final Map<String, @Nullable Object> after(Values values, Map<String, @Nullable Object> row) {
        Object old = row.get(OLD);
        Object current = conversion.toNew(
                old == null || columns.size() == 1 ? old : new Two((Long) old, (Long) row.get(OLD_REST)));
        Map<String, @Nullable Object> after = new TreeMap<>();
        if (changes(Digits.class)) {
            Digits digits = (Digits) current;
            after.put(NEW, digits == null ? null : digits.tens);
            after.put(NEW_REST, digits == null ? null : digits.rest);
        } else {
            after.put(NEW, current);
        }
        return after;
    }
}

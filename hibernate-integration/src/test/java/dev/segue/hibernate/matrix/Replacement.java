package dev.segue.hibernate.matrix;

import dev.segue.test.database.Engine;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One column takes the place of one other. */
abstract class Replacement extends Kind implements Exchange {

    /** The old column's type. */
    abstract String typeBefore(Engine engine, Values values);

    /** What the old column holds beside the new one, both as JDBC gives them. */
    abstract @Nullable Object before(@Nullable Object current);

    /** What the new column holds beside the old one. */
    abstract @Nullable Object after(Values values, @Nullable Object old);

    @Override
    final Map<String, String> columnsBefore(Engine engine, Values values) {
        return Map.of(OLD, typeBefore(engine, values));
    }

    @Override
    public final Map<String, @Nullable Object> before(Map<String, @Nullable Object> row) {
        return Collections.singletonMap(OLD, before(row.get(NEW)));
    }

    @Override
    public final Map<String, @Nullable Object> after(Values values, Map<String, @Nullable Object> row) {
        return Collections.singletonMap(NEW, after(values, row.get(OLD)));
    }
}

package dev.segue.hibernate.matrix;

import dev.segue.hibernate.Replaces;
import dev.segue.test.database.Engine;
import org.jspecify.annotations.Nullable;

/** The column gets another name. */
final class Rename extends Replacement {

    @Replaces(change = CHANGE, column = OLD)
    @Nullable
    Object any;

    @Override
    String name() {
        return "rename";
    }

    @Override
    String typeBefore(Engine engine, Values values) {
        return values.column(engine);
    }

    @Override
    @Nullable
    Object before(@Nullable Object current) {
        return current;
    }

    @Override
    @Nullable
    Object after(Values values, @Nullable Object old) {
        return old;
    }
}

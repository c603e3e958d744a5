package dev.segue.hibernate.matrix;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attribute's columns take the place of others, which say the same. */
interface Exchange {

    /** What the old columns hold beside the new ones of a row, all as JDBC gives them. */
    Map<String, @Nullable Object> before(Map<String, @Nullable Object> row);

    /** What the new columns hold beside the old ones of a row. */
    Map<String, @Nullable Object> after(Values values, Map<String, @Nullable Object> row);
}

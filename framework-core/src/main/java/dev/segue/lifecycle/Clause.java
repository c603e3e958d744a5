package dev.segue.lifecycle;

import java.util.Locale;

/** Which part of the rule holds a step. */
public enum Clause {
    /** Nobody reads what somebody else does not write. */
    FLEET,
    /** The side that is read is proven. */
    TRUTH,
    /** Every column that is named exists, every column that is omitted may be. */
    SCHEMA,
    /** The way up takes its steps in order. */
    ORDER,
    /** A stage or a seal waits for its own condition. */
    STAGE,
    /** Where to go cannot be heard or understood. */
    REQUEST;

    /** The name in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

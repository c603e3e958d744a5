package dev.segue.schema;

/** What the triggers of one direction do with a write that leaves a side behind. */
public enum GuardMode {
    /** They fill only the side of an INSERT that leaves it out: for a new column that may be set freely by now. */
    FILLS_INSERTS,

    /** They fill the side themselves: for conversions that can be said in SQL. */
    FILLS,

    /** They note the row's key, and a worker converts the row later. */
    RECORDS,

    /** They let the write fail, with an error that says what to do. */
    REFUSES
}

package dev.segue.lifecycle;

import java.util.Locale;

/** What is done to the schema for a change, in this order. All but the last can be reverted. */
public enum Stage {
    /** Adds the new columns, nullable. */
    EXPAND,
    /** Installs the trigger that catches one-sided writes. */
    GUARD,
    /** Gives the new columns the indexes and constraints of the old ones. */
    ENFORCE,
    /**
     * Lets go of the old side: makes the old columns omittable from INSERT. Where a column is introduced it lets NEW be
     * set freely instead: from here on the guard fills only INSERTs.
     */
    RELAX,
    /** Drops the old columns together with the guard; where a column is introduced, only the guard. */
    CONTRACT;

    /** The name in history tables, scripts and JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

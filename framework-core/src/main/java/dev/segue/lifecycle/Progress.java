package dev.segue.lifecycle;

import java.util.Locale;

/**
 * How far a stage is. The intent is recorded before the first statement runs: from then on the rule counts a column as
 * missing or mandatory, whether or not the statement has reached it yet.
 */
public enum Progress {
    PENDING,
    APPLYING,
    DONE,
    REVERTING;

    /** Whether somebody has said that they are at it. */
    public boolean underWay() {
        return this == APPLYING || this == REVERTING;
    }

    /** The name in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

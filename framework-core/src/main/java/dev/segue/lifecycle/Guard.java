package dev.segue.lifecycle;

/**
 * The trigger that catches one-sided writes, as far as the rule needs to know it.
 *
 * @param form what it does with them
 * @param oldToNew whether the trigger for writes that leave NEW behind stands
 * @param newToOld whether the trigger for writes that leave OLD behind stands
 * @param refuses whether a guard in Java form has gone from recording to refusing
 */
public record Guard(Form form, boolean oldToNew, boolean newToOld, boolean refuses) {

    /** What a guard does with a one-sided write. */
    public enum Form {
        /** Fills the other side itself. */
        SQL,
        /** Records the row's key for the background job, or refuses the write. */
        JAVA,
        /** There is no trigger: the operator vouches that nobody else writes. */
        NONE
    }

    /** No trigger stands yet. */
    public static Guard of(Form form) {
        return new Guard(form, false, false, false);
    }

    /** Whether somebody may write the table without being registered. */
    public boolean expectsUnregisteredWriters() {
        return form != Form.NONE;
    }

    /** Whether the trigger that brings a side up to date stands. */
    public boolean stands(Side filled) {
        return filled == Side.NEW ? oldToNew : newToOld;
    }

    /** Whether the database itself fills the side when only the other one is written. */
    public boolean fills(Side side) {
        return form == Form.SQL && stands(side);
    }

    /** The same guard with the trigger for that side standing or not. */
    public Guard with(Side filled, boolean stands) {
        return filled == Side.NEW
                ? new Guard(form, stands, newToOld, refuses)
                : new Guard(form, oldToNew, stands, refuses);
    }
}

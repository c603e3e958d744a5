package dev.segue.lifecycle;

/**
 * The trigger that catches one-sided writes, as far as the rule needs to know it.
 *
 * @param form what it does with them
 * @param oldToNew whether the trigger for writes that leave NEW behind stands
 * @param newToOld whether the trigger for writes that leave OLD behind stands
 * @param refusal how far a guard in Java form has gone from recording one-sided writes to refusing them
 */
public record Guard(Form form, boolean oldToNew, boolean newToOld, Progress refusal) {

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
        return new Guard(form, false, false, Progress.PENDING);
    }

    /** Whether somebody may write the table without being registered. */
    public boolean expectsUnregisteredWriters() {
        return form != Form.NONE;
    }

    /** Whether every write that leaves NEW behind is refused. */
    public boolean refuses() {
        return refusal == Progress.DONE;
    }

    /** Whether rows may be recorded that wait to be converted. */
    public boolean records() {
        return form == Form.JAVA && ((oldToNew && !refuses()) || newToOld);
    }

    /** Whether a write that leaves NEW behind may meet a trigger that refuses it. */
    public boolean mayRefuse() {
        return refusal != Progress.PENDING;
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
                ? new Guard(form, stands, newToOld, refusal)
                : new Guard(form, oldToNew, stands, refusal);
    }

    /** The same guard, that far on its way to refusing. */
    Guard with(Progress refusing) {
        return new Guard(form, oldToNew, newToOld, refusing);
    }
}

package dev.segue.lifecycle;

/**
 * The trigger that catches one-sided writes, as far as the rule needs to know it.
 *
 * @param form what it does with them
 * @param oldToNew whether the trigger for writes that leave NEW behind stands
 * @param newToOld whether the trigger for writes that leave OLD behind stands
 * @param refusal how far a guard in Java form has gone from recording one-sided writes to refusing them
 * @param vouched whether an operator has vouched that nobody else writes, although a guard was meant to stand
 */
public record Guard(Form form, boolean oldToNew, boolean newToOld, Progress refusal, boolean vouched) {

    /** What a guard does with a one-sided write. */
    public enum Form {
        /** Fills the other side itself. */
        SQL,
        /** Records the row's key for the background job, or refuses the write. */
        JAVA,
        /**
         * As {@link #JAVA}, where triggers see values and not which columns a statement gives: a write that gives a column the
         * value that it holds already passes unseen.
         */
        JAVA_BLIND,
        /** There is no trigger: the operator vouches that nobody else writes. */
        NONE;

        /** Whether the conversion exists only in Java. */
        public boolean isJava() {
            return this == JAVA || this == JAVA_BLIND;
        }
    }

    /** No trigger stands yet. */
    public static Guard of(Form form) {
        return new Guard(form, false, false, Progress.PENDING, false);
    }

    /** Whether somebody may write the table without being registered. */
    public boolean expectsUnregisteredWriters() {
        return form != Form.NONE && !vouched;
    }

    /** Whether every write that leaves NEW behind is refused. */
    public boolean refuses() {
        return refusal == Progress.DONE;
    }

    /** Whether rows may be recorded that wait to be converted. */
    public boolean records() {
        return form.isJava() && ((oldToNew && !refuses()) || newToOld);
    }

    /** Whether every write of OLD alone is refused, also one that changes nothing: OLD may fall behind then. */
    public boolean shutsOut() {
        return form == Form.JAVA && refuses();
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
                ? new Guard(form, stands, newToOld, refusal, vouched)
                : new Guard(form, oldToNew, stands, refusal, vouched);
    }

    /** The same guard, that far on its way to refusing. */
    Guard with(Progress refusing) {
        return new Guard(form, oldToNew, newToOld, refusing, vouched);
    }

    /** The same guard, when nobody but the fleet is to be expected any more. */
    public Guard vouchedFor() {
        return new Guard(form, oldToNew, newToOld, refusal, true);
    }

    /** As it was before anything was done. */
    Guard atStart() {
        return new Guard(form, false, false, Progress.PENDING, vouched);
    }
}

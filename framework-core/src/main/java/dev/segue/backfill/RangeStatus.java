package dev.segue.backfill;

import org.jspecify.annotations.Nullable;

/**
 * How far one range of a pass is. Between which keys it lies is not told: keys are values of the application.
 *
 * @param site the table
 * @param rowsDone rows that have been looked at in it
 * @param rowsExpected rows there are in it: by the database's statistics until it is done; where locked rows are tried
 *     again, those that are left, which have been looked at in the range that left them
 * @param rowsPerSecond how fast it is now, 0 if nobody has it
 * @param waitingFor what keeps it from being done, or slows it down; null if nothing does
 * @param node that has it, or null
 */
public record RangeStatus(
        String site,
        State state,
        long rowsDone,
        long rowsExpected,
        long rowsPerSecond,
        @Nullable String waitingFor,
        @Nullable String node) {

    /** What becomes of a range now. */
    public enum State {
        /** A node walks it. */
        RUNNING,
        /** The throttle has stopped the node that has it, or nobody has it because it could not go on. */
        HELD,
        /** It is for whoever comes next. */
        OPEN,
        /** It is the table as a whole, which is looked at once more after all ranges. */
        LOOK,
        /** Every row of it has been looked at, and none is left. */
        DONE
    }
}

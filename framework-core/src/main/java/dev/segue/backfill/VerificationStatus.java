package dev.segue.backfill;

import dev.segue.lifecycle.Held;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the comparison of a change's two sides is, whichever node is at it, and what it has found.
 *
 * @param state how the last one has ended, or that it has not
 * @param epoch the epoch of the change for which it counts
 * @param rowsCompared rows that it has seen
 * @param mismatches rows that it has found whose sides differ
 * @param rowsLocked rows that looked so and were locked by others for as long as it waited
 * @param waitingFor what keeps it from full speed, with reading and limit; null if nothing does
 * @param finishedAgo how long ago every row had last been compared, in this epoch or an earlier one; null if never
 * @param listed the first rows that differ and are not repaired, as table and key: {@code customer 17}
 */
public record VerificationStatus(
        State state,
        long epoch,
        long rowsCompared,
        long mismatches,
        long rowsLocked,
        @Nullable String waitingFor,
        @Nullable Duration finishedAgo,
        List<String> listed) {

    /** So many rows are named in one line. */
    private static final int NAMED = 3;

    /** How a comparison has ended. */
    public enum State {
        /** It is under way, or its node has gone: whoever is next goes on where it was. */
        RUNNING,
        /** Every row agrees. */
        CLEAN,
        /** There are rows whose sides differ. */
        MISMATCH,
        /** Rows that look as if their sides differed were locked throughout. */
        UNCERTAIN,
        /** The change has moved on meanwhile: what was found says nothing. */
        VOID
    }

    public VerificationStatus {
        listed = List.copyOf(listed);
    }

    /** What should keep a change from moving, and its sides from being sealed again: rows that differ, until they are repaired. */
    public List<Held> held() {
        return listed.isEmpty()
                ? List.of()
                : List.of(new Held.Lacks(
                        "any move",
                        "rows whose sides differ although both were sealed: " + words(listed),
                        "find out who wrote them, then say which side is to be repaired from the other"));
    }

    /** The first of these rows, in one line. */
    static String words(List<String> rows) {
        return String.join(", ", rows.subList(0, Math.min(NAMED, rows.size())))
                + (rows.size() > NAMED ? " and more" : "");
    }
}

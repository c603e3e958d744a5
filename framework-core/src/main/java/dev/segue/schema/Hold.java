package dev.segue.schema;

import dev.segue.change.Problem;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Why a stage may not be applied.
 *
 * @param key under which an operator may waive it, the same from look to look: {@code index lowered of customer}; null if
 *     nobody can
 * @param waiver who has waived it; then it holds nothing. Null if nobody has
 */
public record Hold(
        Problem problem, @Nullable String key, @Nullable Waiver waiver) {

    /**
     * That somebody lets a change go on in spite of it.
     *
     * @param at by the database's clock
     */
    public record Waiver(String operator, Instant at) {

        @Override
        public String toString() {
            return "by " + operator + " at " + at.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    public boolean waived() {
        return waiver != null;
    }

    /** In one line. */
    @Override
    public String toString() {
        return waiver == null
                ? "HELD: " + problem
                : "WAIVED " + waiver + ": " + problem.value() + ": " + problem.message();
    }
}

package dev.segue.schema;

import dev.segue.change.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Why a stage may not be applied.
 *
 * @param key under which an operator may waive it, the same from look to look: {@code index lowered of customer}; null if
 *     nobody can
 * @param waived whether an operator has; then it holds nothing
 */
public record Hold(Problem problem, @Nullable String key, boolean waived) {

    /** In one line. */
    @Override
    public String toString() {
        return problem.toString();
    }
}

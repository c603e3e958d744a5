package dev.segue;

import java.util.Optional;

/**
 * Tells this node where to go with a change, beside its configuration and stronger than it: a feature flag. It may be slow
 * or away: it is asked on a thread of its own, and as long as it does not answer, what it has said last counts.
 */
@FunctionalInterface
public interface RequestSource {

    /** There are no flags. */
    RequestSource NONE = change -> Optional.empty();

    /**
     * What the flag of a change says now.
     *
     * @return the name of a phase, such as {@code read-new}; empty or blank if the flag says nothing
     * @throws RuntimeException if that cannot be found out now; people see the message
     */
    Optional<String> phase(String change);

    /** The name under which people find the flag of a change. */
    default String key(String change) {
        return "segue." + change;
    }
}

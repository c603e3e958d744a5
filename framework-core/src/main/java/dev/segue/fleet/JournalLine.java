package dev.segue.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the journal: something that happened to a change, with whom it happened.
 *
 * @param at when, by the database's clock; what a node has just written itself is given by the node's own
 * @param node who wrote it down
 * @param what the event: {@code moved}, {@code held}, {@code sealed}, {@code stage contract} and so on
 * @param from what was before, or null
 * @param to what is now, or null
 * @param why the reason as people read it, or null
 */
public record JournalLine(
        Instant at,
        String change,
        String node,
        String what,
        @Nullable String from,
        @Nullable String to,
        @Nullable String why) {

    /** In one line, as the log has it. */
    @Override
    public String toString() {
        String moved = from == null && to == null ? "" : " %s -> %s".formatted(shown(from), shown(to));
        return "Change %s: %s%s%s".formatted(change, what, moved, why == null ? "" : " (" + why + ")");
    }

    private static String shown(@Nullable String value) {
        return value == null ? "-" : value;
    }
}

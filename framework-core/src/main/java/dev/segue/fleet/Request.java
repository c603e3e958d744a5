package dev.segue.fleet;

import dev.segue.lifecycle.Phase;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One word on where to go with a change.
 *
 * @param by who says it: a person, the node whose watch it is, the key of the flag, or the name of the property
 * @param why the reason, as whoever says it gives it; null if it gives none
 * @param since when it was said or, of a flag or the configuration, first heard by this node
 */
public record Request(
        Phase phase, Source source, String by, @Nullable String why, Instant since) {

    /** Where requests come from, strongest first. */
    public enum Source {
        /** A person; for the whole fleet. */
        OPERATOR,
        /** The automatic way back; for the whole fleet. */
        WATCH,
        /** A feature flag; for one node. */
        FLAG,
        /** The properties of one node. */
        CONFIGURATION;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it speaks to all nodes at once, so that the registry keeps its word. */
        public boolean isForTheFleet() {
            return this == OPERATOR || this == WATCH;
        }
    }

    /** Who says it and why, as the journal has it: {@code operator ann: the release is off}. */
    public String origin() {
        return origin(source, by, why);
    }

    static String origin(Source source, String by, @Nullable String why) {
        String who = source.id() + " " + by;
        return why == null ? who : who + ": " + why;
    }
}

package dev.segue.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A statement that names an old column although it will be gone, as the registry has it.
 *
 * @param key by which it is waived
 * @param origin who has made the statement
 * @param statement its text, without values
 * @param columns the old columns, as people write them
 * @param node which has run it; of a statement from outside, who has as far as the database tells
 * @param caller the method that has run it, if known
 * @param runs how often it has been seen
 * @param lastSeen when it was last seen
 * @param age how long ago that is
 * @param waivedBy the operator who lets the change go on in spite of it
 */
public record Sighting(
        String key,
        Origin origin,
        String statement,
        String columns,
        String node,
        @Nullable String caller,
        long runs,
        Instant lastSeen,
        Duration age,
        @Nullable String waivedBy) {

    /** Who has made a statement. */
    public enum Origin {
        /** Hibernate, from a mapping that has SQL in it. */
        MAPPED,
        /** The application: a native query. */
        NATIVE,
        /** The application, beside Hibernate. */
        JDBC,
        /** Nobody knows: the database has told of it. */
        DATABASE;

        /** The name in the registry. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether somebody reads by it, rather than writes. */
    public boolean isRead() {
        String first = statement.stripLeading().toLowerCase(Locale.ROOT);
        return first.startsWith("select")
                || first.startsWith("with")
                || first.startsWith("(")
                || first.startsWith("table");
    }

    /** What was seen, where and when, in one line. */
    public String told() {
        return "a statement that names %s was seen %s at %s%s: %s"
                .formatted(
                        columns,
                        origin == Origin.DATABASE ? "by the database (" + node + ")" : "on node " + node,
                        lastSeen,
                        caller == null ? "" : ", run by " + caller,
                        statement);
    }
}

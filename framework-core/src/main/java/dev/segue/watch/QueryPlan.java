package dev.segue.watch;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a statement that finds or sorts rows by old columns when nodes read the new ones.
 *
 * @param key by which it is waived
 * @param statement its text as nodes run it that read the old columns, without values
 * @param node which has run it last
 * @param caller the method that has run it, if known
 * @param runs how often it has been seen
 * @param state what becomes of it
 * @param why for people
 * @param waivedBy the operator who lets the change go on in spite of it
 */
public record QueryPlan(
        String key,
        String statement,
        String node,
        @Nullable String caller,
        long runs,
        State state,
        String why,
        @Nullable String waivedBy) {

    /** What becomes of a statement. */
    public enum State {
        /** It has an index as before, or had none. */
        KEEPS,
        /** It has an index with an old column in it, and would have none with a new one. */
        LOSES,
        /** Nobody can tell. */
        UNCHECKED;

        /** The name in JSON. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it keeps nodes from reading the new columns. */
    public boolean holds() {
        return state == State.LOSES && waivedBy == null;
    }

    /** What was found, and who runs the statement, in one line. */
    public String told() {
        return "a statement that node %s runs%s %s: %s"
                .formatted(
                        node,
                        Optional.ofNullable(caller).map(by -> " (" + by + ")").orElse(""),
                        why,
                        statement);
    }
}

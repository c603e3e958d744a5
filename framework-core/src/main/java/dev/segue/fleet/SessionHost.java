package dev.segue.fleet;

import dev.segue.database.TableName;
import dev.segue.lifecycle.Phases;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What holds the application's sessions: a switchable session factory. The node tells it when new sessions begin under
 * another layout, and asks which phases still have open ones.
 *
 * <p>All methods may be called from any thread; {@link #prepare} and {@link #open} are called by one thread at a time.
 */
public interface SessionHost {

    /**
     * Builds what sessions of this layout need. Running sessions and new ones are not affected. Preparing what is
     * prepared already costs nothing.
     *
     * @throws RuntimeException if it cannot be built; then nothing has changed
     */
    void prepare(Layout layout);

    /**
     * From the return on, new sessions begin under this layout and may commit under this permit; sessions that are open
     * keep theirs. The layout has been prepared.
     */
    void open(Layout layout, Permit permit);

    /**
     * From the return on, every transaction that begins and may write takes its write lock on these tables first. See
     * {@link Bracing}.
     *
     * @param tables none ends it
     */
    void brace(String change, Set<TableName> tables);

    /** Whether every transaction that runs began after the last {@link #brace}. */
    boolean isBraced();

    /** The phases of a change under which sessions of that permit are open now. */
    Phases occupied(String change, Permit permit);

    /**
     * What reads in {@code shadow-read} have found since the last call: how many rows whose columns differ, and the key of
     * one of them; empty if none.
     */
    default Optional<String> differences(String change) {
        return Optional.empty();
    }

    /** The sessions that are open now, of all layouts. */
    List<OpenSession> openSessions();
}

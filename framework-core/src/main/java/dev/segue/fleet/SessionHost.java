package dev.segue.fleet;

import dev.segue.lifecycle.Phases;

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

    /** The phases of a change under which sessions of that permit are open now. */
    Phases occupied(String change, Permit permit);
}

package dev.segue.backfill;

import dev.segue.lifecycle.Side;
import org.jspecify.annotations.Nullable;

/** Looks on while the batches of passes are run, on the threads of their workers. It is quick and throws nothing. */
@FunctionalInterface
public interface BatchWatch {

    /** Nobody looks. */
    BatchWatch NONE = (change, side) -> failure -> {};

    /** One batch under way. */
    @FunctionalInterface
    interface Span {

        /** @param failure what has ended it, or null if it is committed */
        void ended(@Nullable Throwable failure);
    }

    /**
     * A batch begins.
     *
     * @param side the side that it brings up to date
     */
    Span begins(String change, Side side);
}

package dev.segue;

import dev.segue.fleet.JournalLine;

/** Hears what a node does. What it throws is logged and harms nobody. */
public interface SegueListener {

    /** A piece of work that takes a while. */
    enum Work {
        /** A node changes its phase: it builds the mapping, registers, and lets new sessions begin. */
        SWITCH,
        /** A stage of the schema is applied or reverted. */
        STAGE,
        /** A batch of rows is brought up to date by a pass, in a transaction of its own. */
        BATCH,
        /** The two sides of every row are compared. */
        VERIFY;

        /** The name in metrics. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A piece of work under way; for the thread on which it has begun. */
    interface Span {

        /** Nobody looks. */
        Span NONE = failure -> {};

        /**
         * Is told that the work is over.
         *
         * @param failure what has ended it, or null if it went well
         */
        void ended(@org.jspecify.annotations.Nullable Throwable failure);
    }

    /**
     * Something has happened to a change, and this node has written it down: a move, a hold, a seal, a stage, a row that
     * differs. Of a fleet exactly one node tells each. It is called on a thread of its own, in order; if it is so slow that
     * a thousand lines wait, further ones are dropped.
     */
    default void journaled(JournalLine line) {}

    /**
     * A piece of work begins, on this thread: be quick.
     *
     * @param what the phase, the stage or what becomes of its guard later, the side, or {@code rows}: one of a few names
     */
    default Span begins(Work work, String change, String what) {
        return Span.NONE;
    }
}

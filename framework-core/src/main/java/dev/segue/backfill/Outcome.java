package dev.segue.backfill;

/** How a worker's turn at a pass has ended. */
public enum Outcome {
    /** Every range is done, by whomever: ask for the verdict. */
    FINISHED_ALL,

    /** What is left is in other workers' hands, or must not be tried again yet: come back soon. */
    NOTHING_TO_CLAIM,

    /** The worker was told to stop, or an operator has paused the change. What it had is free for others. */
    STOPPED,

    /** There is no such pass any more: the epoch has gone up, and nothing of it may be repaired. */
    VOID
}

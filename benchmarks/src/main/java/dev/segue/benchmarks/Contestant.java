package dev.segue.benchmarks;

/** One way to do a piece of work. What it needs beforehand is not measured. */
public interface Contestant {

    /** Makes everything as it has to be before a run. */
    default void prepare() throws Exception {
        // Most need nothing.
    }

    /** Does the work once; it takes the same whichever contestant does it. */
    void run() throws Exception;

    /**
     * Looks whether the work has been done. Not measured.
     *
     * @throws IllegalStateException if not: whoever does nothing would win
     */
    default void finish() throws Exception {
        // Some cannot but have done it.
    }
}

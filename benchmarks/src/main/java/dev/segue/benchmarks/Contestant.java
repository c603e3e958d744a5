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
     * Does the work.
     *
     * @return what it has cost, in nanoseconds: of all of it, or of what both contestants count in
     */
    default double cost() throws Exception {
        long began = System.nanoTime();
        run();
        return System.nanoTime() - began;
    }

    /**
     * Looks whether the work has been done. Not measured.
     *
     * @throws IllegalStateException if not: whoever does nothing would win
     */
    default void finish() throws Exception {
        // Some cannot but have done it.
    }

    /** The same, which does so many pieces of what the other contestant does fewer or more of: counted for each piece. */
    default Contestant perPiece(int pieces) {
        Contestant all = this;
        return new Contestant() {
            @Override
            public void prepare() throws Exception {
                all.prepare();
            }

            @Override
            public void run() throws Exception {
                all.run();
            }

            @Override
            public double cost() throws Exception {
                return all.cost() / pieces;
            }

            @Override
            public void finish() throws Exception {
                all.finish();
            }
        };
    }
}

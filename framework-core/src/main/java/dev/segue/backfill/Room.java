package dev.segue.backfill;

import dev.segue.change.Site;

/**
 * How much of a table may be in memory at a time where rows are converted in Java. A batch is there many times over: as the
 * driver has read it, as values, once more under its locks, converted, on its way back, and as it has been stored. So the
 * room for its values is a sixteenth of the memory that a node gives to its workers together, 32 MiB. A row that is larger
 * than the room is taken alone.
 *
 * @param bytes of the values of a batch, and {@value #ROW} for each row besides
 */
record Room(long bytes) {

    /** What a row takes besides its values. */
    static final int ROW = 200;

    /** A value in a column, unless it is long. */
    private static final int VALUE = 16;

    private static final long OF_ALL_WORKERS = 2L << 20;

    /** For one comparison, or for rows of which only the keys are known. */
    static final Room ALONE = of(2);

    /** @param workers that may be at a pass, all of them perhaps on this node */
    static Room of(int workers) {
        return new Room(OF_ALL_WORKERS / workers);
    }

    int rows() {
        return (int) (bytes / ROW);
    }

    /** Rows of a batch over that table, if their values are short; who reads them finds out. */
    int most(Site site) {
        int values = site.oldColumns().size() + site.newColumns().size();
        return site.isSql() ? Integer.MAX_VALUE : (int) (bytes / (ROW + VALUE * values));
    }
}

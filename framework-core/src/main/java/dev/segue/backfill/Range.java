package dev.segue.backfill;

import org.jspecify.annotations.Nullable;

/**
 * A part of a table that one worker walks.
 *
 * @param site the table, as {@code TableName} says it
 * @param cursor the last key that is done; null if none is
 * @param upTo the last key of the range
 * @param attempt 0 for a part of the table; above for rows that were locked when their batch came by
 * @param claim which claim of it this worker has: another one means that it has been taken over
 */
record Range(long id, String site, @Nullable Key cursor, Key upTo, int attempt, long claim) {

    boolean isRetry() {
        return attempt > 0;
    }

    Window todo() {
        return new Window(cursor, upTo);
    }

    Range at(@Nullable Key next, Key last) {
        return new Range(id, site, next, last, attempt, claim);
    }
}

package dev.segue.hibernate;

import org.jspecify.annotations.Nullable;

/**
 * Hears of rows whose two sides were found to differ by a read in {@code shadow-read}. The reader has been given the
 * old side and knows nothing of it. Called on the thread that reads: be quick and do not throw.
 */
@FunctionalInterface
public interface ShadowReads {

    /** Nobody listens. */
    ShadowReads UNHEARD = (change, entity, key) -> {};

    /**
     * @param change the id of the change
     * @param entity the name of the entity
     * @param key the row's, or null where it has no attribute of its own
     */
    void mismatch(String change, String entity, @Nullable Object key);
}

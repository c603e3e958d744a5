package dev.segue.backfill;

import org.jspecify.annotations.Nullable;

/**
 * The rows from one key to another.
 *
 * @param after excluded; null is the beginning of the table
 * @param upTo included
 */
record Window(@Nullable Key after, Key upTo) {}

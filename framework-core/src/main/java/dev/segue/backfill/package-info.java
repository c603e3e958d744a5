/** Passes over a table: ranges, batches and repair, so that a side can be proven to hold every value. */
@NullMarked
package dev.segue.backfill;

import org.jspecify.annotations.NullMarked;

/**
 * The shop under fire: real nodes on real databases, to which is done what production does, and an oracle that knows what
 * every read and, in the end, every row must be.
 */
@NullMarked
package dev.segue.sample.fire;

import org.jspecify.annotations.NullMarked;

package dev.segue.test.kit;

import dev.segue.test.database.TestDatabase;

/**
 * What a test of a {@link SegueTest} works with.
 *
 * @param one the node that this turn of the test shall use first
 * @param other the other one, in the same phase or in a neighbouring one
 * @param database the database of both, to look at it, or to write it as somebody does who has no Segue
 */
public record TwoNodes(AppNode one, AppNode other, TestDatabase database) {

    /** The phases of both, such as {@code dual-write beside old-only}. */
    @Override
    public String toString() {
        return one.phase().id() + " beside " + other.phase().id();
    }
}

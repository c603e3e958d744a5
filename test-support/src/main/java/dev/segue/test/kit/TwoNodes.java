package dev.segue.test.kit;

import dev.segue.test.database.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/**
 * What a test of a {@link SegueTest} works with.
 *
 * @param one the node that this turn of the test shall use first
 * @param other the other one, in the same phase or in a neighbouring one
 * @param database the database of both, to look at it, or to write it as somebody does who has no Segue
 * @param before the application as it was before the change, if the test names one
 */
public record TwoNodes(
        AppNode one,
        AppNode other,
        TestDatabase database,
        @Nullable ApplicationContext before) {

    /**
     * A bean of the node that runs the version before the change, without Segue.
     *
     * @throws IllegalStateException if {@link SegueTest#before} names no such version
     */
    public <T> T before(Class<T> type) {
        if (before == null) {
            throw new IllegalStateException(
                    "There is no node of the version before: name its class in" + " @SegueTest(before = ...).");
        }
        return before.getBean(type);
    }

    /** The phases of both, such as {@code dual-write beside old-only}. */
    @Override
    public String toString() {
        return one.phase().id() + " beside " + other.phase().id();
    }
}

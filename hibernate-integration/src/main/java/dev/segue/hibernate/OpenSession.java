package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import java.time.Instant;

/**
 * A session that is open. Compared by identity: two may begin at the same moment on one thread.
 *
 * @param thread the name of the thread that opened it
 * @param since when
 * @param layout the phases it reads and writes in
 */
public record OpenSession(String thread, Instant since, Layout layout) {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}

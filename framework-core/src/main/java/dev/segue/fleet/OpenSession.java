package dev.segue.fleet;

import java.time.Instant;

/**
 * A session that is open. Compared by identity: two may begin at the same moment on one thread.
 *
 * @param thread that opened it
 * @param since when, by the clock of this machine
 * @param layout the phases it reads and writes in
 */
public record OpenSession(Thread thread, Instant since, Layout layout) {

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** What its thread does now: the first method that is not the platform's. */
    public String doing() {
        StackTraceElement[] stack = thread.getStackTrace();
        for (StackTraceElement element : stack) {
            String name = element.getClassName();
            if (!name.startsWith("java.") && !name.startsWith("jdk.") && !name.startsWith("sun.")) {
                return element.toString();
            }
        }
        return stack.length == 0 ? "nothing, it has ended" : stack[0].toString();
    }

    @Override
    public String toString() {
        return "the session that thread '" + thread.getName() + "' has opened at " + since;
    }
}

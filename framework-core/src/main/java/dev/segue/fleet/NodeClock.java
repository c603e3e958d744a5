package dev.segue.fleet;

/**
 * The clocks of the machine that a node runs on. A deadline counts as past when either clock says so: the monotonic one
 * is not moved by anybody, but stands still while a virtual machine is suspended; the wall clock catches up after that.
 */
public interface NodeClock {

    /** The machine's own. */
    NodeClock SYSTEM = new NodeClock() {

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    };

    /** A monotonic clock, in nanoseconds; only differences mean anything. */
    long nanos();

    /** The wall clock, in milliseconds since 1970; it may jump either way. */
    long wallMillis();
}

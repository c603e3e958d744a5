package dev.segue.sample.fleet;

import java.util.Optional;

/** Hears of every request. Safe for use by several threads. */
public interface RequestLog {

    /** A request has come to its end, good or bad, after so many nanoseconds. */
    void answered(long nanos);

    /**
     * A request has failed.
     *
     * @param backend that had it, if any had
     * @param began when it was sent, by {@link System#nanoTime}
     * @param what was asked, and how it failed
     */
    void failed(Optional<Backend> backend, long began, String what);
}

package dev.segue.schema;

import java.util.List;

/**
 * One step of a stage, which is done whole or not at all (in MySQL, where DDL commits by itself: begun again until it is
 * done).
 *
 * @param sql its statements, in order
 * @param unless a query for one boolean: true if there is nothing left to do. Every step asks first, so that a stage can
 *     be killed anywhere and run again.
 * @param scans whether it reads or builds for long, without keeping the application out; it is not run under a lock
 *     timeout
 */
record Step(List<String> sql, String unless, boolean scans) {

    Step {
        sql = List.copyOf(sql);
    }

    static Step quick(String unless, String... sql) {
        return new Step(List.of(sql), unless, false);
    }

    static Step scanning(String unless, String... sql) {
        return new Step(List.of(sql), unless, true);
    }
}

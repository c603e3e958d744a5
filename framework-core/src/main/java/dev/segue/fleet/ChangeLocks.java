package dev.segue.fleet;

import java.sql.SQLException;

/** Runs work under the lock of a change's row. */
public interface ChangeLocks {

    /**
     * Locks the row of a change, runs the work and commits; any exception rolls back.
     *
     * @throws SQLException from the work or the database, after the known transient errors have been retried
     */
    <T> T underLock(String change, LockedWork<T> work) throws SQLException;
}

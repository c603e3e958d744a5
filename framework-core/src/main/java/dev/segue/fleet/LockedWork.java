package dev.segue.fleet;

import java.sql.SQLException;

/** What is done under the lock of a change's row. It may be run again when the database has asked for a retry. */
@FunctionalInterface
public interface LockedWork<T> {

    T run(LockedChange change) throws SQLException;
}

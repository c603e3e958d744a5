package dev.segue.fleet;

import java.sql.SQLException;

/** What is done under the lock of a change. It may be run again when the store has asked for a retry. */
@FunctionalInterface
public interface LockedWork<L, T> {

    T run(L change) throws SQLException;
}

package dev.segue.backfill;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * How late a replica is: the worse of what it says itself and of what it lacks of its primary's log. It says nothing of a
 * line that stands still, as it has applied all that it has heard of. For one thread.
 */
interface ReplicaLag {

    /** Notes how far the primary is. */
    void look(Statement primary) throws SQLException;

    /** In seconds. */
    double read(Statement replica) throws SQLException;
}

package dev.segue.fleet;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Situation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the fleet keeps what it knows of its changes. {@link Registry} keeps it in the database that holds the rows; the
 * model checker keeps it in memory. Both stand the same contract tests.
 *
 * <p>Everything that the rule decides happens in {@link #underLock}: under the lock of the change, ask the rule and write
 * its answer down. Times are the store's own clock; but whose lease is over is found out by the clock of the node that looks:
 * it has seen the registration unchanged for as long as the lease lasts.
 *
 * <p>Thread-safe.
 *
 * @param <L> what work under a lock gets
 */
public interface ChangeStore<L extends LockedChange> {

    /**
     * Makes a change known, if it is not yet.
     *
     * @param definition what must not change while the change is under way
     * @return the definition that the store holds already, if it is another one
     */
    Optional<String> declare(String change, String definition, Kind kind, Guard.Form guard) throws SQLException;

    /** What is known of a change now, without a lock; empty if it has never been declared. */
    Optional<ChangeRecord> read(String change) throws SQLException;

    /**
     * Locks a change, runs the work and commits; any exception rolls back. Whoever's lease has run out is declared gone
     * before the work begins. The work may be run again when the store asks for a retry.
     *
     * @throws IllegalStateException if the change has never been declared
     * @throws SQLException from the work or the store, after the known transient errors have been retried
     */
    <T> T underLock(String change, LockedWork<? super L, T> work) throws SQLException;

    /**
     * Whether the server at the end of a connection knows a registration. Somebody else may be at the end of it than was when
     * the lease was granted.
     *
     * @param layout the phases that the node has to be registered in
     */
    boolean recognizes(Connection connection, String node, long generation, Layout layout) throws SQLException;

    /** Opens what renews leases, beside all other work. */
    Renewals renewals();

    /** Renews leases, all those of a node in one statement. Not thread-safe. */
    interface Renewals extends AutoCloseable {

        /**
         * A lease that has run out is not renewed, even if nobody has noticed yet.
         *
         * @return for how many changes the node is registered under that generation
         */
        int renew(String node, long generation, Duration lease) throws SQLException;

        @Override
        void close();
    }

    /** The change as it is, with those who are gone declared so. */
    default Situation situation(String change) throws SQLException {
        return underLock(change, LockedChange::situation);
    }
}

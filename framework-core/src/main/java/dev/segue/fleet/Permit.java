package dev.segue.fleet;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a session needs to commit: the registration it was opened under. A permit is for one generation of one node. It
 * is kept alive by the node's renewals and, once lost, never comes back; sessions opened after the node has joined
 * again have another one.
 *
 * <p>Before every commit, {@link #confirm}:
 *
 * <ol>
 *   <li>Before the local deadline the answer is yes, without asking anybody. The deadline counts from just before
 *       the renewal was sent, so it is always earlier than what others reckon; see {@link NodeClock}.
 *   <li>After it, the node's own rows in the registry are locked in the very transaction that wants to commit. If they
 *       still stand, the commit is safe: whoever declares the node gone updates those rows first, so that comes after
 *       the commit or the commit does not come. A slow registry thus costs one query and not an outage.
 *   <li>Otherwise the transaction must be rolled back.
 * </ol>
 *
 * <p>And once for each connection to the database, {@link #introduce}, because all of this is worth nothing on a server that has
 * not heard of it.
 *
 * <p>Thread-safe.
 */
public final class Permit {

    private final String node;
    private final long generation;
    private final int changes;
    private final String lockRows;
    private final NodeClock clock;
    private final Duration lease;
    private volatile Deadline deadline;
    private volatile boolean lost;
    private volatile @Nullable ChangeStore<?> store;

    /**
     * @param changes how many changes the node is registered for
     * @param lockRows the query that locks the node's live rows; its parameters are node and generation
     * @param lease how long a renewal is good for, beginning now
     */
    Permit(String node, long generation, int changes, String lockRows, NodeClock clock, Duration lease) {
        this.node = node;
        this.generation = generation;
        this.changes = changes;
        this.lockRows = lockRows;
        this.clock = clock;
        this.lease = lease;
        this.deadline = fromNow();
    }

    /** The end of the lease on both clocks. */
    record Deadline(long nanos, long wallMillis) {}

    /** The deadline of a renewal that is about to be sent. */
    Deadline fromNow() {
        return new Deadline(clock.nanos() + lease.toNanos(), clock.wallMillis() + lease.toMillis());
    }

    public String node() {
        return node;
    }

    public long generation() {
        return generation;
    }

    /** Whether the lease is running by the node's own clock. Costs nothing. */
    public boolean isFresh() {
        Deadline end = deadline;
        return !lost && clock.nanos() - end.nanos() < 0 && clock.wallMillis() < end.wallMillis();
    }

    /**
     * Makes sure that what this connection's transaction has read and written may count.
     *
     * @param connection the one whose transaction is about to be committed
     * @throws LeaseLostException if the node is no longer registered under this generation; roll back
     * @throws SQLException if the registry could not be asked; roll back
     */
    public void confirm(Connection connection) throws SQLException {
        if (isFresh()) {
            return;
        }
        if (lost || !stands(connection)) {
            throw new LeaseLostException(node);
        }
    }

    /**
     * Makes sure that a server knows the registration: one that has taken the place of another may not. It does for as long
     * as the connection lasts.
     *
     * @param connection on which nothing has been read or written yet
     * @param layout what the session reads and writes
     * @throws LeaseLostException if it does not
     */
    public void introduce(Connection connection, Layout layout) throws SQLException {
        ChangeStore<?> asked = store;
        if (asked != null && !asked.recognizes(connection, node, generation, layout)) {
            throw new LeaseLostException(node, layout);
        }
    }

    /** The node is registered under it, and every server has to know that. */
    void registered(ChangeStore<?> in) {
        store = in;
    }

    private boolean stands(Connection connection) throws SQLException {
        int standing = 0;
        try (PreparedStatement statement = connection.prepareStatement(lockRows)) {
            statement.setString(1, node);
            statement.setLong(2, generation);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    standing++;
                }
            }
        }
        return standing == changes;
    }

    /** The database has taken a renewal whose deadline was {@link #fromNow} just before it was sent. */
    void renewed(Deadline nextDeadline) {
        deadline = nextDeadline;
    }

    /** The registration is over, for good. */
    public void lose() {
        lost = true;
    }
}

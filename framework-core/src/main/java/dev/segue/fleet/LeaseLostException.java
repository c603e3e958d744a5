package dev.segue.fleet;

import java.sql.SQLTransientException;

/**
 * The node's lease had run out and others may have moved on, so the transaction was not committed. Nothing is lost but
 * this attempt: the node joins again by itself, and the same work succeeds when it is tried again.
 */
public final class LeaseLostException extends SQLTransientException {

    private static final long serialVersionUID = 1L;

    /** What callers already retry: a serialization failure. */
    private static final String TRY_AGAIN = "40001";

    LeaseLostException(String node) {
        super(
                "The lease of node '" + node + "' has run out, so this transaction was rolled back before its commit."
                        + " Try it again: the node joins the fleet again with its next renewal.",
                TRY_AGAIN);
    }

    LeaseLostException(String node, Layout layout) {
        super(
                "The database server that answers does not know node '" + node + "' as it is registered ("
                        + layout.phases()
                        + "): it may have taken the place of another and have heard less. Nothing was read or written."
                        + " Try it again: the node joins the fleet anew within a second. If that server is a replica to read"
                        + " from, name it in segue.replicas, and nobody goes on before it has caught up.",
                TRY_AGAIN);
    }
}

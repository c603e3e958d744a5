package dev.segue.fleet;

import java.sql.SQLTransientException;

/**
 * The node's lease had run out and others may have moved on, so the transaction was not committed. Nothing is lost but
 * this attempt: the node joins again by itself, and the same work succeeds when it is tried again.
 */
public final class LeaseLostException extends SQLTransientException {

    private static final long serialVersionUID = 1L;

    LeaseLostException(String node) {
        // 40001 is what callers already retry: a serialization failure.
        super(
                "The lease of node '" + node + "' has run out, so this transaction was rolled back before its commit."
                        + " Try it again: the node joins the fleet again with its next renewal.",
                "40001");
    }
}

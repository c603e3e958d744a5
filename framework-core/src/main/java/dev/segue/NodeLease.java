package dev.segue;

import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.Membership;
import dev.segue.fleet.Permit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the node's lease alive, at a third of its time, on a thread and a connection that nothing else uses: neither a
 * busy pool nor a long stage can fence a healthy node.
 */
final class NodeLease implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeLease.class);

    private final ChangeStore.Renewals renewals;
    private final Membership membership;
    private final int changes;
    private final ScheduledExecutorService thread = Threads.scheduler("segue-lease");
    private volatile @Nullable Permit permit;

    NodeLease(ChangeStore.Renewals renewals, Membership membership, int changes, Duration lease) {
        this.renewals = renewals;
        this.membership = membership;
        this.changes = changes;
        long pause = Math.max(1, lease.toMillis() / 3);
        Threads.repeat(thread, Duration.ofMillis(pause), this::renew);
    }

    /** Renews this permit from now on, and no other. */
    void keep(Permit next) {
        permit = next;
    }

    /** Renews nothing any more. */
    void drop() {
        permit = null;
    }

    /** The registration is not what it was: nothing commits under it any more. */
    void lose() {
        Permit kept = permit;
        permit = null;
        if (kept != null) {
            kept.lose();
        }
    }

    /** Whether the node must join anew. */
    boolean isLost() {
        return permit == null;
    }

    private void renew() {
        Permit kept = permit;
        if (kept == null) {
            return;
        }
        try {
            if (!membership.renew(renewals, kept, changes)) {
                log.warn(
                        "The lease of node {} has run out. Transactions that are open cannot commit; "
                                + "the node joins the fleet again by itself.",
                        kept.node());
                permit = null;
            }
        } catch (SQLException | RuntimeException e) {
            // Not lost yet: until the deadline nothing changes, and after it each commit asks the database itself.
            log.warn("The lease of node {} could not be renewed ({}); trying again.", kept.node(), e.getMessage());
        }
    }

    @Override
    public void close() {
        Threads.stop(thread);
        renewals.close();
    }
}

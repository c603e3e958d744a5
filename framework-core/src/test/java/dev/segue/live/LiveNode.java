package dev.segue.live;

import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.Membership;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Walk;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node as the fleet sees it, with sessions that are plain transactions. */
final class LiveNode {

    final String name;
    final Registry registry;
    final List<LiveSession> sessions = new ArrayList<>();
    private final Membership membership;
    private final String change;
    private @Nullable Permit permit;
    private @Nullable Phase phase;
    private boolean silent;

    LiveNode(String name, Registry registry, Membership membership, String change) {
        this.name = name;
        this.registry = registry;
        this.membership = membership;
        this.change = change;
    }

    /** The phase of new sessions, or null if the node has not joined. */
    @Nullable
    Phase phase() {
        return phase;
    }

    Permit permit() {
        if (permit == null) {
            throw new IllegalStateException(name + " has not joined");
        }
        return permit;
    }

    boolean join(Phase requested) throws SQLException {
        Permit next = membership.nextGeneration(1);
        Phase joined = membership.join(next, change, requested, true, true).phase();
        permit = joined == null ? null : next;
        phase = joined;
        silent = false;
        return joined != null;
    }

    /** Goes where the rule lets it on the way to a phase that it is told to go to. */
    void walk(Phase requested) throws SQLException {
        if (phase == null) {
            return;
        }
        membership.requested(change, requested);
        Phase next =
                Walk.next(registry.situation(change), phase, requested, true).phase();
        if (next != null && next != phase) {
            move(next);
        }
        drained();
    }

    boolean move(Phase to) throws SQLException {
        boolean moved = membership.move(change, to).isEmpty();
        if (moved) {
            phase = to;
        }
        return moved;
    }

    void drained() throws SQLException {
        Phases open = Phases.NONE;
        for (LiveSession session : sessions) {
            if (session.permit == permit) {
                open = open.with(session.phase);
            }
        }
        if (phase != null) {
            membership.drained(change, open.without(phase));
        }
    }

    void leave() throws SQLException {
        membership.leave(permit(), change);
        permit = null;
        phase = null;
    }

    /** Stops renewing; its sessions stay as they are, as those of a process that stands still. */
    void fallSilent() {
        silent = true;
    }

    /** A renewal, if it is not silent; and a look at the others, as every round has it. */
    void renewAndLook() throws SQLException {
        registry.read(change);
        if (permit != null && !silent) {
            try (ChangeStore.Renewals renewals = registry.renewals()) {
                if (!membership.renew(renewals, permit, 1)) {
                    permit = null;
                    phase = null;
                }
            }
        }
    }

    /** The process is gone, and with it its connections. */
    void crash() throws SQLException {
        for (LiveSession session : List.copyOf(sessions)) {
            session.end(false);
        }
        permit = null;
        phase = null;
    }
}

package dev.segue.fleet;

import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Walk;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One node's place in the fleet: it joins, renews, moves and leaves, each under the rule.
 *
 * <p>A node has one generation for all its changes, so one statement renews them all and one loss ends them all. A
 * generation that is lost is never taken up again; joining starts the next. The first one is random, so that a process
 * that is started under the id of another does not take up where that one stopped.
 *
 * <p>Not thread-safe but for {@link #renew}, which may run beside everything else.
 */
public final class Membership {

    private final ChangeStore<?> store;
    private final NodeIdentity identity;
    private final Duration lease;
    private final NodeClock clock;
    private long generation = new SecureRandom().nextLong() >>> 1;

    /**
     * @param lease how long a registration is valid without a renewal; 1 s or more
     * @param clock of this machine
     */
    public Membership(ChangeStore<?> store, NodeIdentity identity, Duration lease, NodeClock clock) {
        this.store = store;
        this.identity = identity;
        this.lease = lease;
        this.clock = clock;
    }

    /**
     * Begins a new generation and gives its permit. The permit counts for nothing before the node has {@link #join
     * joined} all its changes under it.
     *
     * @param changes for how many changes the node will register
     */
    public Permit nextGeneration(int changes) {
        generation++;
        return new Permit(identity.node(), generation, changes, RegistrySql.LIVE_CHANGES_OF_NODE, clock, lease);
    }

    /**
     * Registers the node for one change at the best phase that the rule allows.
     *
     * @param requested where the node is told to go
     * @param shadowServed whether shadow reads have run long enough
     * @param permitsDrop whether the node's configuration lets the old columns be dropped
     * @return the phase it occupies now and what keeps it from the request; no phase if none is legal, and then it is
     *     not registered
     */
    public Walk.Step join(Permit permit, String change, Phase requested, boolean shadowServed, boolean permitsDrop)
            throws SQLException {
        return store.underLock(change, locked -> {
            // A node that was here before and comes back is not in its own way: its sessions of then cannot commit.
            Situation others = locked.situation().gone(identity.node());
            Walk.Step step = Walk.next(others, null, requested, shadowServed);
            Phase phase = step.phase();
            if (phase == null) {
                return step;
            }
            locked.register(identity, permit.generation(), phase, requested, permitsDrop, lease);
            locked.save(others.occupied(
                    new Participant(identity.node(), identity.application(), phase, Phases.NONE, requested), phase));
            locked.journal("joined", null, phase.id(), "requested " + requested.id());
            permit.registered(store);
            return step;
        });
    }

    /**
     * Renews the lease of all changes by one statement.
     *
     * @param renewals used by nothing else, so that no queue can fence a healthy node
     * @return whether the node is still registered; if not, the permit is lost
     */
    public boolean renew(ChangeStore.Renewals renewals, Permit permit, int changes) throws SQLException {
        Permit.Deadline next = permit.fromNow();
        int renewed = renewals.renew(identity.node(), permit.generation(), lease);
        if (renewed == changes) {
            permit.renewed(next);
            return true;
        }
        permit.lose();
        return false;
    }

    /**
     * Begins to occupy a phase, if the rule allows it now. The phases occupied so far are draining.
     *
     * @return what stands in the way; empty if the node has moved
     */
    public List<Held> move(String change, Phase to) throws SQLException {
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            Participant self = s.participant(identity.node()).orElse(null);
            if (self == null) {
                return List.of(
                        new Held.Lacks("moving to " + to.id(), "the lease of this node has run out", "none needed"));
            }
            List<Held> held = Rule.occupy(s, to);
            if (held.isEmpty()) {
                locked.save(s.occupied(self, to));
                locked.journal(
                        "moved",
                        self.phase().id(),
                        to.id(),
                        "requested " + self.requested().id());
            }
            return held;
        });
    }

    /** Writes down where the node is told to go, for all to see. */
    public void requested(String change, Phase requested) throws SQLException {
        store.underLock(change, locked -> {
            locked.save(locked.situation().requested(identity.node(), requested));
            return locked.situation();
        });
    }

    /** Journals that the node's own flag or configuration says something else than before. */
    public void toldAnew(String change, @Nullable Request before, Request now) throws SQLException {
        store.underLock(change, locked -> {
            locked.journal(
                    "request",
                    before == null ? null : before.phase().id(),
                    now.phase().id(),
                    "by " + now.origin());
            return locked.situation();
        });
    }

    /** Says which phases still have open sessions; all others are free. */
    public void drained(String change, Phases open) throws SQLException {
        store.underLock(change, locked -> {
            locked.save(locked.situation().drained(identity.node(), open));
            return locked.situation();
        });
    }

    /** Says that all sessions have ended, so that nobody waits for the lease to run out. */
    public void leave(Permit permit, String change) throws SQLException {
        store.underLock(change, locked -> {
            if (locked.deregister(identity.node(), permit.generation())) {
                locked.save(locked.situation().gone(identity.node()));
                locked.journal("left", identity.node(), null, "all its sessions had ended");
            }
            return locked.situation();
        });
    }

    /** The node's identity, under which others see it. */
    public NodeIdentity identity() {
        return identity;
    }
}

package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import org.jspecify.annotations.Nullable;

/** Nodes that join, move, leave, lapse and come back. */
final class Nodes extends Actor {

    Nodes(ControlPlane control) {
        super(control);
    }

    @Override
    void steps() {
        for (int n = 0; n < bounds.nodes(); n++) {
            membership(n);
            lease(n);
        }
    }

    private void membership(int n) {
        int local = world.local(n);
        if (!registered(n)) {
            if (leaseOf(n) != UNAWARE && leaseOf(n) != EXPIRED) {
                for (Phase q : Phase.values()) {
                    int[] c = after(control.joins(a, n, q));
                    if (c != null) {
                        c[local + OPENS] = q.ordinal();
                        c[local + LEASE] = FRESH;
                        emit(c, Step.JOINS, n, q.ordinal());
                    }
                }
            }
            return;
        }
        int phase = a[world.node(n) + PHASE];
        for (Phase q : Phase.values()) {
            if (q.ordinal() == phase) {
                continue;
            }
            emit(after(control.moves(a, n, q)), Step.MOVES, n, q.ordinal());
            if (mutation == Mutation.OPENS_BEFORE_REGISTERING
                    && q.ordinal() != a[local + OPENS]
                    && control.moves(a, n, q) != ControlPlane.HELD) {
                int[] c = a.clone();
                c[local + OPENS] = q.ordinal();
                emit(c, Step.FLIPS_EARLY, n, q.ordinal());
            }
        }
        if (a[local + OPENS] != phase) {
            int[] c = a.clone();
            c[local + OPENS] = phase;
            emit(c, Step.OPENS_IN, n, phase);
        }
        Phases draining = new Phases(a[world.node(n) + DRAINING]);
        for (Phase p : draining.asList()) {
            if (p.ordinal() != a[local + OPENS] && !anySession(n, p.ordinal())) {
                emit(after(control.drained(a, n, p)), Step.DRAINED, n, p.ordinal());
            }
        }
        if (!anySession(n, -1)) {
            emit(withoutLocals(after(control.leaves(a, n)), n), Step.LEAVES, n, 0);
        }
    }

    private int @Nullable [] withoutLocals(int @Nullable [] c, int n) {
        if (c != null) {
            c[world.local(n) + OPENS] = 0;
            c[world.local(n) + LEASE] = FRESH;
        }
        return c;
    }

    private void lease(int n) {
        int local = world.local(n);
        if (leaseOf(n) == UNAWARE) {
            int[] c = a.clone();
            withoutLocals(c, n);
            endUnchecked(c, n);
            emit(c, Step.NOTICES, n, 0);
            return;
        }
        if (leaseOf(n) == EXPIRED) {
            emit(renewedUnasked(n), Step.RENEWS_EXPIRED, n, 0);
            return;
        }
        if (!registered(n)) {
            return;
        }
        if (leaseOf(n) == FRESH) {
            int[] c = a.clone();
            c[local + LEASE] = OVER;
            emit(c, Step.LEASE_OVER, n, 0);
            if (mutation == Mutation.LATE_LOCAL_DEADLINE) {
                int[] late = after(control.lapses(a, n));
                if (late != null) {
                    late[local + LEASE] = UNAWARE;
                    emit(late, Step.LEASE_OVER_UNNOTICED, n, 0);
                }
            }
            return;
        }
        int[] renewed = a.clone();
        renewed[local + LEASE] = FRESH;
        emit(renewed, Step.RENEWS, n, 0);
        if (!holdsOwnRow(n)) {
            if (mutation == Mutation.EXPIRED_LEASE_RENEWED) {
                int[] listed = after(control.lapses(a, n));
                if (listed != null) {
                    listed[local + LEASE] = EXPIRED;
                    emit(listed, Step.EXPIRES, n, 0);
                }
            }
            int[] gone = withoutLocals(after(control.lapses(a, n)), n);
            if (gone != null && mutation != Mutation.WITHOUT_GENERATION && mutation != Mutation.WITHOUT_CHECK) {
                endUnchecked(gone, n);
            }
            emit(gone, Step.EXPIRES, n, 0);
        }
    }

    /** The node goes on where it was, although others have counted it as gone in between. */
    private int[] renewedUnasked(int n) {
        int[] c = a.clone();
        Phases open = Phases.NONE;
        for (int s = 0; s < bounds.sessions(); s++) {
            if (a[world.session(n, s) + STATE] != NONE) {
                open = open.with(Phase.values()[a[world.session(n, s) + TX_PHASE]]);
            }
        }
        c[world.local(n) + LEASE] = FRESH;
        c[world.node(n) + REGISTERED] = 1;
        c[world.node(n) + PHASE] = a[world.local(n) + OPENS];
        c[world.node(n) + DRAINING] =
                open.without(Phase.values()[a[world.local(n) + OPENS]]).bits();
        return c;
    }

    /** Whether a session is open, in that phase or (-1) in any. */
    private boolean anySession(int n, int phase) {
        for (int s = 0; s < bounds.sessions(); s++) {
            int t = world.session(n, s);
            if (a[t + STATE] != NONE && (phase < 0 || (a[t + STATE] != BEGUN && a[t + TX_PHASE] == phase))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a session has locked the node's row, so that nobody can declare it gone. */
    private boolean holdsOwnRow(int n) {
        for (int s = 0; s < bounds.sessions(); s++) {
            if (a[world.session(n, s) + STATE] == LOCKED) {
                return true;
            }
        }
        return false;
    }

    /** Sessions of a generation that is over can never commit, unless they have been checked already. */
    private void endUnchecked(int[] c, int n) {
        for (int s = 0; s < bounds.sessions(); s++) {
            int t = world.session(n, s);
            if (c[t + STATE] != CHECKED) {
                clear(c, t);
            }
        }
    }
}

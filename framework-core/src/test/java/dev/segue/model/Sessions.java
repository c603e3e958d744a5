package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Phase;

/** Sessions of the nodes: open, read, write, check and commit, each on its own. */
final class Sessions extends Writer {

    Sessions(ControlPlane control) {
        super(control);
    }

    @Override
    void steps() {
        for (int n = 0; n < bounds.nodes(); n++) {
            for (int s = 0; s < bounds.sessions(); s++) {
                session(n, world.session(n, s));
            }
        }
    }

    private void session(int n, int t) {
        int state = a[t + STATE];
        boolean registered = registered(n);
        boolean believes = registered || leaseOf(n) == UNAWARE;
        if (state == NONE) {
            if (registered) {
                int[] c = a.clone();
                c[t + STATE] = OPEN;
                c[t + TX_PHASE] = a[world.local(n) + OPENS];
                emit(c, Step.OPENS, n, c[t + TX_PHASE]);
                if (mutation == Mutation.PHASE_NOT_PINNED && bounds.snapshots() && a[world.row(0) + EXISTS] == 1) {
                    int[] begun = a.clone();
                    begun[t + STATE] = BEGUN;
                    begun[t + SNAPSHOT] = snapshotOfFirstRow();
                    emit(begun, Step.BEGINS, n, 0);
                }
            }
            return;
        }
        emit(ended(t), Step.ENDS, n, 0);
        Phase phase = Phase.values()[a[t + TX_PHASE]];
        switch (state) {
            case BEGUN -> {
                if (registered) {
                    int[] c = a.clone();
                    c[t + STATE] = OPEN;
                    c[t + TX_PHASE] = a[world.local(n) + OPENS];
                    emit(c, Step.OPENS, n, c[t + TX_PHASE]);
                }
            }
            case OPEN -> {
                if (bounds.snapshots() && a[t + SNAPSHOT] == 0 && a[world.row(0) + EXISTS] == 1) {
                    int[] c = a.clone();
                    c[t + SNAPSHOT] = snapshotOfFirstRow();
                    emit(c, Step.SNAPSHOTS, n, 0);
                }
                writes(t, phase, believes, false, Step.WRITES, n);
            }
            case WRITTEN -> {
                boolean fresh = leaseOf(n) == FRESH ? registered : leaseOf(n) == UNAWARE;
                if (fresh || mutation == Mutation.WITHOUT_CHECK) {
                    emit(inState(t, CHECKED), Step.CHECKS, n, 0);
                } else if (registered && leaseOf(n) == OVER) {
                    emit(inState(t, LOCKED), Step.LOCKS, n, 0);
                }
            }
            case CHECKED, LOCKED -> emit(committed(t), Step.COMMITS, n, 0);
            default -> throw new IllegalStateException("No such state of a session: " + state);
        }
    }

    private int[] inState(int t, int state) {
        int[] c = a.clone();
        c[t + STATE] = state;
        return c;
    }

    private int snapshotOfFirstRow() {
        int o = world.row(0);
        return snapshot(a[o + OLD_VALUE], a[o + NEW_VALUE], a[o + TRUTH]);
    }
}

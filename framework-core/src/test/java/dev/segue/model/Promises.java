package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import org.jspecify.annotations.Nullable;

/** Looks whether a state keeps what is promised. */
final class Promises {

    private final World world;
    private final Bounds bounds;
    private final Mutation mutation;

    Promises(World world, Mutation mutation) {
        this.world = world;
        this.bounds = world.bounds;
        this.mutation = mutation;
    }

    /** The invariant that the state breaks, or null. */
    @Nullable
    Invariant broken(int[] state) {
        for (int n = 0; n < bounds.nodes(); n++) {
            for (int s = 0; s < bounds.sessions(); s++) {
                Invariant read = brokenRead(state, n, world.session(n, s));
                if (read != null) {
                    return read;
                }
            }
        }
        if (!bounds.kind().comparesSides()) {
            return null;
        }
        if (state[SEALED_OLD] == 0 && state[SEALED_NEW] == 0) {
            return Invariant.NO_TRUTH;
        }
        boolean oldExists = state[world.schema + OLD_EXISTS] == 1;
        boolean newExists = state[world.schema + NEW_EXISTS] == 1;
        for (int r = 0; r < bounds.rows(); r++) {
            int o = world.row(r);
            if (state[o + EXISTS] == 0) {
                continue;
            }
            boolean old = oldExists && state[o + OLD_VALUE] == state[o + TRUTH];
            boolean fresh = newExists && state[o + NEW_VALUE] == state[o + TRUTH];
            boolean provenOld = state[SEALED_OLD] == 1 && oldExists;
            boolean provenNew = state[SEALED_NEW] == 1 && newExists;
            if (!(provenOld && old) && !(provenNew && fresh)) {
                return Invariant.LOST_WRITE;
            }
            if ((provenOld && !old) || (provenNew && !fresh)) {
                return Invariant.UNSEALED_ROW;
            }
        }
        return null;
    }

    private @Nullable Invariant brokenRead(int[] state, int n, int t) {
        if (state[t + STATE] != OPEN) {
            return null;
        }
        boolean listed = state[world.node(n) + REGISTERED] == 1 || state[world.local(n) + LEASE] == UNAWARE;
        if (!listed && mutation != Mutation.WITHOUT_CHECK) {
            // It will not pass the check at its end, so what it reads does not count.
            return null;
        }
        Phase phase = Phase.values()[state[t + TX_PHASE]];
        boolean missing = world.lacks(state, phase, Side.OLD) || world.lacks(state, phase, Side.NEW);
        if (missing) {
            return listed ? Invariant.MISSING_COLUMN : null;
        }
        if (!bounds.kind().comparesSides()) {
            return null;
        }
        boolean old = phase.reads() == Side.OLD;
        int snapshot = state[t + SNAPSHOT];
        if (snapshot != 0) {
            int value = old ? snapshot >> 1 & 3 : snapshot >> 3 & 3;
            return value == snapshot >> 5 ? null : Invariant.WRONG_READ;
        }
        for (int r = 0; r < bounds.rows(); r++) {
            int o = world.row(r);
            int value = old ? state[o + OLD_VALUE] : state[o + NEW_VALUE];
            if (state[o + EXISTS] == 1 && value != state[o + TRUTH]) {
                return Invariant.WRONG_READ;
            }
        }
        return null;
    }
}

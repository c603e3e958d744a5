package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Side;

/** What else the workers do to rows: dirty ones are converted, and both sides are compared. */
final class Upkeep extends Actor {

    Upkeep(ControlPlane control) {
        super(control);
    }

    @Override
    void steps() {
        verification();
        for (int r = 0; r < bounds.rows(); r++) {
            dirty(r);
        }
    }

    private void verification() {
        boolean bothSealed = a[SEALED_OLD] == 1 && a[SEALED_NEW] == 1;
        boolean compares = bothSealed || (mutation == Mutation.VERIFICATION_ALWAYS && a[SEALED_NEW] == 1);
        if (!compares || a[world.schema + OLD_EXISTS] == 0 || a[world.schema + NEW_EXISTS] == 0) {
            return;
        }
        for (int r = 0; r < bounds.rows(); r++) {
            int o = world.row(r);
            if (a[o + EXISTS] == 1 && a[o + OLD_VALUE] != a[o + NEW_VALUE]) {
                emit(after(control.voids(a, Side.NEW)), Step.VERIFY, r, 0);
            }
        }
    }

    private void dirty(int r) {
        int o = world.row(r);
        if (a[o + DIRTY] == 0 || isLocked(r)) {
            return;
        }
        int[] c = a.clone();
        c[o + DIRTY] = 0;
        if (a[SEALED_OLD] == 1 || mutation == Mutation.DIRTY_ALWAYS_FROM_OLD) {
            c[o + NEW_VALUE] = c[o + OLD_VALUE];
        }
        emit(c, Step.CONVERTS, r, 0);
    }
}

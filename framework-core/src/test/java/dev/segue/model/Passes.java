package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Side;

/** The pass that proves a side, batch by batch, with its barrier and its verdict. */
final class Passes extends Actor {

    Passes(ControlPlane control) {
        super(control);
    }

    @Override
    void steps() {
        int p = world.pass;
        emit(after(control.discards(a)), Step.CONFIRMS, 0, 0);
        if (a[p + PASS_SIDE] == 0) {
            for (Side side : Side.values()) {
                int[] c = after(control.notes(a, side));
                if (c != null) {
                    emit(noted(c, side), Step.PASS_NOTES, side.ordinal(), 0);
                }
            }
            return;
        }
        int[] ended = a.clone();
        endPass(ended);
        emit(ended, Step.PASS_ENDS, 0, 0);
        boolean valid = a[p + PASS_VALID] == 1;
        int at = a[p + PASS_AT];
        if (at == 0) {
            if (valid && (!anyBeforeBarrier() || beginsBeforeBarrier())) {
                int[] c = a.clone();
                c[p + PASS_AT] = 1;
                emit(c, Step.PASS_BEGINS, 0, 0);
            }
        } else if (at <= bounds.rows()) {
            if (valid || mutation == Mutation.BATCH_WITHOUT_EPOCH_CHECK) {
                batch(at - 1);
            }
        } else if (valid && !anyDirty() && !(mutation == Mutation.PASS_BEFORE_BARRIER && anyBeforeBarrier())) {
            Side side = side();
            int[] sealed = after(control.seals(a, side));
            if (sealed == null) {
                return;
            }
            int[] c = sealed.clone();
            endPass(c);
            emit(c, Step.SEALS, side.ordinal(), 0);
            if (mutation == Mutation.BATCH_WITHOUT_EPOCH_CHECK) {
                // A second worker that has seen nothing of it is still on its way.
                sealed[p + PASS_AT] = 1;
                emit(sealed, Step.SEALS, side.ordinal(), 0);
            }
        }
    }

    private boolean beginsBeforeBarrier() {
        return mutation == Mutation.SEAL_WITHOUT_BARRIER
                || mutation == Mutation.PASS_BEFORE_BARRIER
                || (mutation == Mutation.DISCARD_WITHOUT_BARRIER && side() == Side.OLD)
                || mutation == Mutation.JAVA_GUARD_REFUSES_WITHOUT_BARRIER;
    }

    private int[] noted(int[] next, Side side) {
        next[world.pass + PASS_SIDE] = side.ordinal() + 1;
        next[world.pass + PASS_VALID] = 1;
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            if (holdsRow(next, t)) {
                next[t + BEFORE_BARRIER] = 1;
            }
        }
        return next;
    }

    private Side side() {
        return Side.values()[a[world.pass + PASS_SIDE] - 1];
    }

    private boolean anyBeforeBarrier() {
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            if (a[t + BEFORE_BARRIER] == 1) {
                return true;
            }
        }
        return false;
    }

    private void batch(int r) {
        int o = world.row(r);
        int p = world.pass;
        int[] c = a.clone();
        c[p + PASS_AT]++;
        if (a[o + EXISTS] == 0) {
            emit(c, Step.PASS_ROW_ABSENT, r, 0);
            return;
        }
        boolean forward = side() == Side.NEW || !bounds.kind().convertsBack();
        int target = forward ? NEW_VALUE : OLD_VALUE;
        int source = forward ? OLD_VALUE : NEW_VALUE;
        boolean repairs = mutation == Mutation.PASS_FILLS_ONLY_NULLS
                ? a[o + target] == NULL
                : a[o + OLD_VALUE] != a[o + NEW_VALUE];
        if (a[p + PASS_READ] != 0) {
            if (!isLocked(r)) {
                c[o + target] = a[p + PASS_READ] - 1;
                c[p + PASS_READ] = 0;
                emit(c, Step.PASS_WRITES, r, 0);
            }
            return;
        }
        if (mutation == Mutation.REPAIR_WITHOUT_ROW_LOCK && repairs) {
            int[] read = a.clone();
            read[p + PASS_READ] = a[o + source] + 1;
            emit(read, Step.PASS_READS, r, 0);
        }
        if (!repairs) {
            // Rows that agree are not locked: whoever is changing one now writes both sides.
            emit(c, Step.PASS_ROW_EQUAL, r, 0);
        } else if (!isLocked(r)) {
            c[o + target] = a[o + source];
            if (side() == Side.OLD && forward && a[DISCARDS] == 1) {
                // A write of the attribute, by order of the operator.
                c[o + TRUTH] = a[o + source];
            }
            emit(c, Step.PASS_ROW, r, 0);
        } else if (mutation == Mutation.SKIPPED_ROWS_NOT_COUNTED) {
            emit(c, Step.PASS_SKIPS, r, 0);
        }
    }

    private boolean anyDirty() {
        for (int r = 0; r < bounds.rows(); r++) {
            if (a[world.row(r) + DIRTY] == 1) {
                return true;
            }
        }
        return false;
    }
}

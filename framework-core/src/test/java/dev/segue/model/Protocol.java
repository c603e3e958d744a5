package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can happen next in a state of the world: nodes that join, move, pause, lapse and come back; sessions
 * that begin, read, write, check and commit, each on its own; a writer that is not registered; the stages with intent
 * and execution apart; passes, batch by batch. What may be done is asked of the production rule, through the
 * {@link ControlPlane}; how transactions and DDL behave is written here.
 *
 * <p>The value of an attribute is 0 or 1 and both conversions are the identity, so that a side that is behind shows.
 */
final class Protocol {

    /** Takes a state that can come next. */
    interface Successors {
        void next(int[] state, Step step, int x, int y);

        void violation(Invariant invariant, Step step, int x, int y);
    }

    private static final int OLD_BIT = 1;
    private static final int NEW_BIT = 2;

    private final World world;
    private final Bounds bounds;
    private final Mutation mutation;
    private final ControlPlane control;
    private int[] a = new int[0];
    private Successors out = new Collected();

    Protocol(World world, Mutation mutation) {
        this.world = world;
        this.bounds = world.bounds;
        this.mutation = mutation;
        this.control = new ControlPlane(world, mutation);
    }

    void successors(int[] state, Successors successors) {
        a = state;
        out = successors;
        for (Stage stage : Stage.values()) {
            intents(stage);
            execution(stage);
        }
        triggers();
        pass();
        verification();
        for (int r = 0; r < bounds.rows(); r++) {
            dirty(r);
        }
        if (bounds.legacy()) {
            legacyWriter();
        }
        for (int n = 0; n < bounds.nodes(); n++) {
            membership(n);
            lease(n);
            for (int s = 0; s < bounds.sessions(); s++) {
                session(n, world.session(n, s));
            }
        }
    }

    // ---- what the registry is asked

    private int @Nullable [] after(long answer) {
        return answer == ControlPlane.HELD ? null : applied(a, answer);
    }

    private int[] applied(int[] from, long answer) {
        int[] c = from.clone();
        world.setControl(c, ControlPlane.key(answer));
        if (ControlPlane.epochRaised(answer)) {
            c[world.pass + PASS_VALID] = 0;
        }
        return c;
    }

    private void emit(int @Nullable [] state, Step step, int x, int y) {
        if (state != null) {
            out.next(state, step, x, y);
        }
    }

    // ---- stages

    private void intents(Stage stage) {
        if (stage == Stage.GUARD && bounds.form() == Guard.Form.NONE) {
            return;
        }
        emit(after(control.intentToApply(a, stage)), Step.STAGE_INTENT, stage.ordinal(), Progress.APPLYING.ordinal());
        int[] reverting = after(control.intentToRevert(a, stage));
        if (reverting != null && stage == Stage.GUARD) {
            // A guard that is about to go is not counted on any more.
            reverting = applied(reverting, control.guarded(reverting, Side.NEW, false));
            reverting = applied(reverting, control.guarded(reverting, Side.OLD, false));
        }
        emit(reverting, Step.STAGE_INTENT, stage.ordinal(), Progress.REVERTING.ordinal());
    }

    private void execution(Stage stage) {
        int progress = a[EXPAND + stage.ordinal()];
        boolean applying = progress == Progress.APPLYING.ordinal();
        if (!applying && progress != Progress.REVERTING.ordinal()) {
            return;
        }
        if (executed(stage) == applying) {
            int[] c = a;
            if (stage == Stage.GUARD && applying) {
                c = applied(c, control.guarded(c, Side.NEW, true));
            }
            Progress end = applying ? Progress.DONE : Progress.PENDING;
            emit(applied(c, control.recorded(c, stage, end)), Step.STAGE_RECORDS, stage.ordinal(), 0);
            return;
        }
        if (applying) {
            // Given up before the statement ran.
            emit(
                    applied(a, control.recorded(a, stage, Progress.PENDING)),
                    Step.STAGE_INTENT,
                    stage.ordinal(),
                    Progress.PENDING.ordinal());
        }
        // Each of these statements needs a lock that a writer's transaction stands in the way of.
        if (!inFlight()) {
            emit(
                    applying ? execute(stage) : revert(stage),
                    applying ? Step.STAGE_EXECUTES : Step.STAGE_REVERT_EXECUTES,
                    stage.ordinal(),
                    0);
        }
        if (mutation == Mutation.GUARD_DROPPED_BEFORE_COLUMN && stage == Stage.CONTRACT && applying) {
            emit(withoutTriggers(), Step.TRIGGER_REMOVED, 0, 0);
        }
    }

    private boolean executed(Stage stage) {
        return a[
                                world.schema
                                        + switch (stage) {
                                            case EXPAND -> NEW_EXISTS;
                                            case GUARD -> TRIGGER_NEW;
                                            case ENFORCE -> NEW_MANDATORY;
                                            case RELAX -> OLD_OMITTABLE;
                                            case CONTRACT -> OLD_EXISTS;
                                        }]
                        == 1
                ^ stage == Stage.CONTRACT;
    }

    private int @Nullable [] execute(Stage stage) {
        int[] c = a.clone();
        switch (stage) {
            case EXPAND -> {
                c[world.schema + NEW_EXISTS] = 1;
                forget(c, NEW_VALUE, mutation == Mutation.DEFAULT_ON_NEW ? 0 : NULL);
            }
            case GUARD -> c[world.schema + TRIGGER_NEW] = 1;
            case ENFORCE -> {
                if (anyNull(NEW_VALUE)) {
                    return null;
                }
                c[world.schema + NEW_MANDATORY] = 1;
            }
            case RELAX -> c[world.schema + OLD_OMITTABLE] = 1;
            case CONTRACT -> {
                c[world.schema + OLD_EXISTS] = 0;
                dropTriggers(c);
                forget(c, OLD_VALUE, NULL);
                endPass(c);
            }
        }
        return c;
    }

    private int @Nullable [] revert(Stage stage) {
        int[] c = a.clone();
        switch (stage) {
            case EXPAND -> {
                c[world.schema + NEW_EXISTS] = 0;
                c[world.schema + NEW_MANDATORY] = 0;
                dropTriggers(c);
                forget(c, NEW_VALUE, NULL);
                endPass(c);
            }
            case GUARD -> dropTriggers(c);
            case ENFORCE -> c[world.schema + NEW_MANDATORY] = 0;
            case RELAX -> {
                if (anyNull(OLD_VALUE)) {
                    return null;
                }
                c[world.schema + OLD_OMITTABLE] = 0;
            }
            case CONTRACT -> throw new IllegalStateException("The rule has let the drop be reverted.");
        }
        return c;
    }

    private void forget(int[] c, int column, int value) {
        for (int r = 0; r < bounds.rows(); r++) {
            c[world.row(r) + column] = c[world.row(r) + EXISTS] == 1 ? value : NULL;
            c[world.row(r) + DIRTY] = 0;
        }
    }

    private boolean anyNull(int column) {
        for (int r = 0; r < bounds.rows(); r++) {
            if (a[world.row(r) + EXISTS] == 1 && a[world.row(r) + column] == NULL) {
                return true;
            }
        }
        return false;
    }

    private void dropTriggers(int[] c) {
        c[world.schema + TRIGGER_NEW] = 0;
        c[world.schema + TRIGGER_OLD] = 0;
    }

    private int[] withoutTriggers() {
        int[] c = a.clone();
        dropTriggers(c);
        return c;
    }

    /** The trigger for writers of NEW has no stage of its own, and a guard in Java form may be switched. */
    private void triggers() {
        boolean possible = bounds.form() != Guard.Form.NONE
                && a[EXPAND] == Progress.DONE.ordinal()
                && a[EXPAND + Stage.CONTRACT.ordinal()] == Progress.PENDING.ordinal();
        if (possible && a[world.schema + TRIGGER_OLD] == 0 && !inFlight()) {
            int[] c = a.clone();
            c[world.schema + TRIGGER_OLD] = 1;
            emit(c, Step.TRIGGER_INSTALLED, Side.OLD.ordinal(), 0);
        }
        boolean guarding = a[EXPAND + Stage.GUARD.ordinal()] == Progress.DONE.ordinal();
        if (possible && guarding && a[world.schema + TRIGGER_OLD] == 1 && a[GUARD_OLD] == 0) {
            emit(applied(a, control.guarded(a, Side.OLD, true)), Step.TRIGGER_RECORDED, Side.OLD.ordinal(), 0);
        }
        emit(after(control.recording(a)), Step.RECORDS_AGAIN, 0, 0);
    }

    // ---- seals

    private void pass() {
        int p = world.pass;
        if (a[p + PASS_SIDE] == 0) {
            for (Side side : Side.values()) {
                int[] c = after(control.mayBeginPass(a, side));
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
            int[] c = applied(a, control.proven(a, side));
            endPass(c);
            emit(c, Step.SEALS, side.ordinal(), 0);
            if (mutation == Mutation.BATCH_WITHOUT_EPOCH_CHECK) {
                // A second worker that has seen nothing of it is still on its way.
                int[] lagging = applied(a, control.proven(a, side));
                lagging[p + PASS_AT] = 1;
                emit(lagging, Step.SEALS, side.ordinal(), 0);
            }
        }
    }

    private boolean beginsBeforeBarrier() {
        return mutation == Mutation.SEAL_WITHOUT_BARRIER
                || mutation == Mutation.PASS_BEFORE_BARRIER
                || mutation == Mutation.JAVA_GUARD_REFUSES_WITHOUT_BARRIER;
    }

    private int[] noted(int[] c, Side side) {
        int[] next = c;
        if (bounds.form() == Guard.Form.JAVA
                && side == Side.NEW
                && c[REFUSES] == 0
                && mutation != Mutation.JAVA_GUARD_NEVER_REFUSES) {
            next = applied(c, control.refusing(c));
        }
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

    private void endPass(int[] c) {
        for (int i = 0; i < PASS_FIELDS; i++) {
            c[world.pass + i] = 0;
        }
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            c[t + BEFORE_BARRIER] = 0;
        }
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
        int target = side() == Side.NEW ? NEW_VALUE : OLD_VALUE;
        int source = side() == Side.NEW ? OLD_VALUE : NEW_VALUE;
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
            emit(c, Step.PASS_ROW, r, 0);
        } else if (mutation == Mutation.SKIPPED_ROWS_NOT_COUNTED) {
            emit(c, Step.PASS_SKIPS, r, 0);
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
                emit(applied(a, control.voided(a, Side.NEW)), Step.VERIFY, r, 0);
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

    private boolean anyDirty() {
        for (int r = 0; r < bounds.rows(); r++) {
            if (a[world.row(r) + DIRTY] == 1) {
                return true;
            }
        }
        return false;
    }

    // ---- transactions

    private boolean inFlight() {
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            if (holdsRow(a, t)) {
                return true;
            }
        }
        return false;
    }

    private boolean isLocked(int r) {
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            if (holdsRow(a, t) && a[t + ROW] == r) {
                return true;
            }
        }
        return false;
    }

    private void legacyWriter() {
        int t = world.legacy;
        if (a[t + STATE] == NONE) {
            if (a[world.schema + OLD_EXISTS] == 1) {
                writes(t, Phase.OLD_ONLY, true, true, Step.LEGACY_WRITES, -1);
            }
            return;
        }
        emit(committed(t), Step.LEGACY_COMMITS, 0, 0);
        emit(ended(t), Step.LEGACY_ABORTS, 0, 0);
    }

    private void writes(int t, Phase phase, boolean healthy, boolean legacy, Step step, int node) {
        for (int r = 0; r < bounds.rows(); r++) {
            boolean inserts = a[world.row(r) + EXISTS] == 0;
            if ((inserts && !bounds.inserts()) || isLocked(r)) {
                continue;
            }
            // Of a row that is not there yet both values are alike, unless there is a default.
            int values = inserts && mutation != Mutation.DEFAULT_ON_NEW ? 1 : 2;
            for (int value = 0; value < values; value++) {
                write(t, phase, r, value, healthy, legacy, step, node);
            }
        }
    }

    private void write(int t, Phase phase, int r, int value, boolean healthy, boolean legacy, Step step, int node) {
        int o = world.row(r);
        int s = world.schema;
        int x = legacy ? r : node;
        int y = legacy ? value : phase.ordinal();
        boolean old = phase.writes(Side.OLD);
        boolean fresh = phase.writes(Side.NEW);
        if ((old && a[s + OLD_EXISTS] == 0) || (fresh && a[s + NEW_EXISTS] == 0)) {
            fails(Invariant.MISSING_COLUMN, healthy, step, x, y);
            return;
        }
        boolean inserts = a[o + EXISTS] == 0;
        boolean defaulted = mutation == Mutation.DEFAULT_ON_NEW;
        boolean leavesNew =
                old && !fresh && (inserts ? !defaulted : a[o + OLD_VALUE] != value && a[o + NEW_VALUE] != value);
        boolean leavesOld = fresh && !old && (inserts || (a[o + NEW_VALUE] != value && a[o + OLD_VALUE] != value));
        boolean fillsNew = a[s + TRIGGER_NEW] == 1 && leavesNew;
        boolean fillsOld = a[s + TRIGGER_OLD] == 1 && leavesOld;
        boolean sql = bounds.form() == Guard.Form.SQL;
        if (a[s + TRIGGER_NEW] == 1 && a[REFUSES] == 1 && old && !fresh) {
            // That is what an unregistered writer has been told; a registered one must never meet it.
            if (!legacy) {
                fails(Invariant.FAILED_WRITE, healthy, step, x, y);
            }
            return;
        }
        int sides = (old || (fillsOld && sql) ? OLD_BIT : 0) | (fresh || (fillsNew && sql) ? NEW_BIT : 0);
        boolean omitsNew = (sides & NEW_BIT) == 0 && !defaulted && a[s + NEW_EXISTS] == 1;
        boolean omitsOld = (sides & OLD_BIT) == 0 && a[s + OLD_EXISTS] == 1;
        boolean refused = (omitsNew && a[s + NEW_MANDATORY] == 1) || (omitsOld && a[s + OLD_OMITTABLE] == 0);
        if (inserts && refused) {
            fails(Invariant.FAILED_WRITE, healthy, step, x, y);
            return;
        }
        int[] c = a.clone();
        c[t + STATE] = WRITTEN;
        c[t + ROW] = r;
        c[t + VALUE] = value;
        c[t + WRITES] = sides;
        c[t + RECORDS] = !sql && (fillsNew || fillsOld) ? 1 : 0;
        emit(c, step, x, y);
    }

    private void fails(Invariant invariant, boolean healthy, Step step, int x, int y) {
        if (healthy) {
            out.violation(invariant, step, x, y);
        }
    }

    private int[] committed(int t) {
        int[] c = a.clone();
        int o = world.row(a[t + ROW]);
        boolean inserts = a[o + EXISTS] == 0;
        int value = a[t + VALUE];
        if ((a[t + WRITES] & OLD_BIT) != 0) {
            c[o + OLD_VALUE] = value;
        } else if (inserts) {
            c[o + OLD_VALUE] = NULL;
        }
        if ((a[t + WRITES] & NEW_BIT) != 0) {
            c[o + NEW_VALUE] = value;
        } else if (inserts) {
            c[o + NEW_VALUE] = mutation == Mutation.DEFAULT_ON_NEW && a[world.schema + NEW_EXISTS] == 1 ? 0 : NULL;
        }
        c[o + EXISTS] = 1;
        c[o + TRUTH] = value;
        if (a[t + RECORDS] == 1) {
            c[o + DIRTY] = 1;
        }
        clear(c, t);
        return c;
    }

    private int[] ended(int t) {
        int[] c = a.clone();
        clear(c, t);
        return c;
    }

    private static void clear(int[] c, int t) {
        for (int i = 0; i < TX_FIELDS; i++) {
            c[t + i] = 0;
        }
    }

    // ---- nodes

    private boolean registered(int n) {
        return a[world.node(n) + REGISTERED] == 1;
    }

    private int leaseOf(int n) {
        return a[world.local(n) + LEASE];
    }

    private void membership(int n) {
        int local = world.local(n);
        if (!registered(n)) {
            if (leaseOf(n) != UNAWARE) {
                for (int q = 0; q < Phase.values().length; q++) {
                    int[] c = after(control.occupy(a, n, q));
                    if (c != null) {
                        c[local + OPENS] = q;
                        c[local + LEASE] = FRESH;
                        emit(c, Step.JOINS, n, q);
                    }
                }
            }
            return;
        }
        int phase = a[world.node(n) + PHASE];
        for (int q = 0; q < Phase.values().length; q++) {
            if (q == phase) {
                continue;
            }
            emit(after(control.occupy(a, n, q)), Step.MOVES, n, q);
            if (mutation == Mutation.OPENS_BEFORE_REGISTERING
                    && q != a[local + OPENS]
                    && control.occupy(a, n, q) != ControlPlane.HELD) {
                int[] c = a.clone();
                c[local + OPENS] = q;
                emit(c, Step.FLIPS_EARLY, n, q);
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
                emit(after(control.drained(a, n, p.ordinal())), Step.DRAINED, n, p.ordinal());
            }
        }
        if (!anySession(n, -1)) {
            emit(withoutLocals(after(control.gone(a, n)), n), Step.LEAVES, n, 0);
        }
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
        if (!registered(n)) {
            return;
        }
        if (leaseOf(n) == FRESH) {
            int[] c = a.clone();
            c[local + LEASE] = OVER;
            emit(c, Step.LEASE_OVER, n, 0);
            if (mutation == Mutation.LATE_LOCAL_DEADLINE) {
                int[] late = after(control.gone(a, n));
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
            int[] gone = withoutLocals(after(control.gone(a, n)), n);
            if (gone != null && mutation != Mutation.WITHOUT_GENERATION && mutation != Mutation.WITHOUT_CHECK) {
                endUnchecked(gone, n);
            }
            emit(gone, Step.EXPIRES, n, 0);
        }
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

    // ---- what must never happen

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
        boolean oldExists = state[world.schema + OLD_EXISTS] == 1;
        boolean newExists = state[world.schema + NEW_EXISTS] == 1;
        for (int r = 0; r < bounds.rows(); r++) {
            int o = world.row(r);
            if (state[o + EXISTS] == 0) {
                continue;
            }
            boolean old = oldExists && state[o + OLD_VALUE] == state[o + TRUTH];
            boolean fresh = newExists && state[o + NEW_VALUE] == state[o + TRUTH];
            if (!old && !fresh) {
                return Invariant.LOST_WRITE;
            }
            if ((state[SEALED_OLD] == 1 && oldExists && !old) || (state[SEALED_NEW] == 1 && newExists && !fresh)) {
                return Invariant.UNSEALED_ROW;
            }
        }
        return state[SEALED_OLD] == 0 && state[SEALED_NEW] == 0 ? Invariant.NO_TRUTH : null;
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
        boolean missing = (phase.names(Side.OLD) && state[world.schema + OLD_EXISTS] == 0)
                || (phase.names(Side.NEW) && state[world.schema + NEW_EXISTS] == 0);
        if (missing) {
            return listed ? Invariant.MISSING_COLUMN : null;
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

    /** Takes nothing; only there so that the field is never null. */
    private static final class Collected implements Successors {
        @Override
        public void next(int[] state, Step step, int x, int y) {
            throw new IllegalStateException("No search is running.");
        }

        @Override
        public void violation(Invariant invariant, Step step, int x, int y) {
            throw new IllegalStateException("No search is running.");
        }
    }
}

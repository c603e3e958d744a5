package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import org.jspecify.annotations.Nullable;

/** The stages of the schema: the intent, the statement and the record of its end, each a step of its own. */
final class SchemaWork extends Actor {

    SchemaWork(ControlPlane control) {
        super(control);
    }

    @Override
    void steps() {
        for (Stage stage : Stage.values()) {
            intents(stage);
            execution(stage);
        }
        triggers();
        refusal();
    }

    private void intents(Stage stage) {
        if (stage == Stage.GUARD && bounds.form() == Guard.Form.NONE) {
            return;
        }
        emit(after(control.begins(a, stage, true)), Step.STAGE_INTENT, stage.ordinal(), Progress.APPLYING.ordinal());
        emit(after(control.begins(a, stage, false)), Step.STAGE_INTENT, stage.ordinal(), Progress.REVERTING.ordinal());
    }

    private void execution(Stage stage) {
        int progress = a[EXPAND + stage.ordinal()];
        boolean applying = progress == Progress.APPLYING.ordinal();
        if (!applying && progress != Progress.REVERTING.ordinal()) {
            return;
        }
        if (executed(stage) == applying) {
            emit(after(control.ends(a, stage, applying)), Step.STAGE_RECORDS, stage.ordinal(), 0);
            return;
        }
        if (neverRuns(stage, applying)) {
            return;
        }
        // Each of these statements needs a lock that a writer's transaction stands in the way of, but the one that only
        // exchanges the function of a trigger.
        if (!inFlight() || (stage == Stage.RELAX && bounds.kind().setsFreely())) {
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

    private boolean neverRuns(Stage stage, boolean applying) {
        return switch (mutation) {
            case APPLYING_NEVER_ENDS -> applying && stage != Stage.CONTRACT;
            case UNRELAX_NEVER_ENDS -> !applying && stage == Stage.RELAX;
            default -> false;
        };
    }

    /** Whether the schema is as it should be after the stage, whatever has been recorded. */
    private boolean executed(Stage stage) {
        int s = world.schema;
        return switch (stage) {
            case EXPAND -> a[s + NEW_EXISTS] == 1;
            case GUARD -> a[s + TRIGGER_NEW] == 1;
            case ENFORCE -> a[s + NEW_MANDATORY] == 1;
            case RELAX -> a[s + OLD_OMITTABLE] == 1;
            case CONTRACT -> a[s + OLD_EXISTS] == 0;
        };
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
                if (!bounds.kind().setsFreely()) {
                    forget(c, OLD_VALUE, NULL);
                }
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
                if (anyNull(OLD_VALUE) && !bounds.kind().setsFreely()) {
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
        c[world.schema + TRIGGER_REFUSES] = 0;
    }

    private int[] withoutTriggers() {
        int[] c = a.clone();
        dropTriggers(c);
        return c;
    }

    /** The trigger for writers of NEW has no stage of its own, and a guard in Java form may be switched. */
    private void triggers() {
        boolean possible = bounds.kind().convertsBack()
                && bounds.form() != Guard.Form.NONE
                && a[EXPAND] == Progress.DONE.ordinal()
                && a[EXPAND + Stage.CONTRACT.ordinal()] == Progress.PENDING.ordinal();
        if (possible && a[world.schema + TRIGGER_OLD] == 0 && !inFlight()) {
            int[] c = a.clone();
            c[world.schema + TRIGGER_OLD] = 1;
            emit(c, Step.TRIGGER_INSTALLED, Side.OLD.ordinal(), 0);
        }
        boolean guarding = a[EXPAND + Stage.GUARD.ordinal()] == Progress.DONE.ordinal();
        if (possible && guarding && a[world.schema + TRIGGER_OLD] == 1 && a[GUARD_OLD] == 0) {
            emit(after(control.guardedBack(a)), Step.TRIGGER_RECORDED, Side.OLD.ordinal(), 0);
        }
    }

    /** A guard in Java form is switched as a stage is: the intent, the triggers, the record of the end. */
    private void refusal() {
        if (!bounds.form().isJava()) {
            return;
        }
        emitRefusal(after(control.beginsSwitch(a, true)), Step.REFUSAL_INTENT, Progress.APPLYING);
        emitRefusal(after(control.beginsSwitch(a, false)), Step.REFUSAL_INTENT, Progress.REVERTING);
        Progress now = Progress.values()[a[REFUSAL]];
        if (!now.underWay()) {
            return;
        }
        boolean refuses = now == Progress.APPLYING;
        if (a[world.schema + TRIGGER_REFUSES] == (refuses ? 1 : 0)) {
            emitRefusal(
                    after(control.endsSwitch(a, refuses)),
                    Step.REFUSAL_RECORDS,
                    refuses ? Progress.DONE : Progress.PENDING);
        } else {
            int[] c = a.clone();
            c[world.schema + TRIGGER_REFUSES] = refuses ? 1 : 0;
            emitRefusal(c, Step.REFUSAL_EXECUTES, now);
        }
    }

    private void emitRefusal(int @Nullable [] state, Step step, Progress progress) {
        emit(state, step, 0, progress.ordinal());
    }
}

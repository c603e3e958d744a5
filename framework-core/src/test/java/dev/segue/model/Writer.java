package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;

/** How a statement that writes behaves in the database: columns, constraints, the guard, the commit. */
abstract class Writer extends Actor {

    private static final int OLD_BIT = 1;
    private static final int NEW_BIT = 2;

    Writer(ControlPlane control) {
        super(control);
    }

    void writes(int t, Phase phase, boolean healthy, boolean legacy, Step step, int node) {
        for (int r = 0; r < bounds.rows(); r++) {
            boolean inserts = a[world.row(r) + EXISTS] == 0;
            if ((inserts && !bounds.inserts()) || isLocked(r)) {
                continue;
            }
            // Of a row that is not there yet both values are alike, unless there is a default.
            boolean alike = inserts && mutation != Mutation.DEFAULT_ON_NEW;
            int values = alike || !bounds.kind().comparesSides() ? 1 : 2;
            for (int value = 0; value < values; value++) {
                if (bounds.kind().setsFreely() && phase == Phase.NEW_ONLY) {
                    setsFreely(t, r, value, healthy, step, node);
                } else {
                    write(t, phase, r, value, healthy, legacy, step, node);
                }
            }
        }
    }

    private void write(int t, Phase phase, int r, int value, boolean healthy, boolean legacy, Step step, int node) {
        int o = world.row(r);
        int s = world.schema;
        int x = legacy ? r : node;
        int y = legacy ? value : phase.ordinal();
        boolean old = phase.writes(Side.OLD);
        boolean fresh = phase.writes(Side.NEW) && bounds.kind().has(Stage.EXPAND);
        if (world.lacks(a, phase, Side.OLD) || world.lacks(a, phase, Side.NEW)) {
            if (healthy) {
                fails(Invariant.MISSING_COLUMN, step, x, y);
            }
            return;
        }
        boolean inserts = a[o + EXISTS] == 0;
        boolean defaulted = mutation == Mutation.DEFAULT_ON_NEW;
        boolean leavesNew =
                old && !fresh && (inserts ? !defaulted : a[o + OLD_VALUE] != value && a[o + NEW_VALUE] != value);
        boolean leavesOld = fresh && !old && (inserts || (a[o + NEW_VALUE] != value && a[o + OLD_VALUE] != value));
        boolean fillsNew = a[s + TRIGGER_NEW] == 1 && leavesNew;
        boolean fillsOld = a[s + TRIGGER_OLD] == 1 && leavesOld;
        boolean sees = bounds.form() != Guard.Form.JAVA_BLIND;
        boolean sql = bounds.form() == Guard.Form.SQL;
        boolean sourceOnly = bounds.kind().setsFreely() && old && !fresh && !inserts;
        if (sourceOnly && (a[s + OLD_OMITTABLE] == 1 || a[o + OLD_VALUE] == value)) {
            // The guard lets it pass: it is no write of the attribute any more, or changes no source.
            emit(written(t, r, value, OLD_BIT, true), step, x, y);
            return;
        }
        if (sourceOnly && legacy && fillsNew && anybodySetsNew()) {
            fails(Invariant.LOST_WRITE, step, x, y);
            return;
        }
        if (a[s + TRIGGER_NEW] == 1 && a[s + TRIGGER_REFUSES] == 1 && (sees ? old && !fresh : leavesNew)) {
            // That is what an unregistered writer has been told; a registered one must never meet it.
            if (!legacy && healthy) {
                fails(Invariant.FAILED_WRITE, step, x, y);
            }
            return;
        }
        int sides = (old || (fillsOld && sql) ? OLD_BIT : 0) | (fresh || (fillsNew && sql) ? NEW_BIT : 0);
        boolean omitsNew = (sides & NEW_BIT) == 0 && !defaulted && a[s + NEW_EXISTS] == 1;
        boolean omitsOld = (sides & OLD_BIT) == 0 && a[s + OLD_EXISTS] == 1;
        boolean refused = (omitsNew && a[s + NEW_MANDATORY] == 1) || (omitsOld && a[s + OLD_OMITTABLE] == 0);
        if (inserts && refused) {
            if (healthy) {
                fails(Invariant.FAILED_WRITE, step, x, y);
            }
            return;
        }
        int[] c = written(t, r, value, sides, false);
        c[t + RECORDS] = !sql && (fillsNew || fillsOld) ? 1 : 0;
        emit(c, step, x, y);
    }

    /** A node that may give NEW any value: sets it, or changes only a source, or inserts both as it likes. */
    private void setsFreely(int t, int r, int value, boolean healthy, Step step, int node) {
        int s = world.schema;
        int y = Phase.NEW_ONLY.ordinal();
        if (a[s + NEW_EXISTS] == 0) {
            if (healthy) {
                fails(Invariant.MISSING_COLUMN, step, node, y);
            }
            return;
        }
        if (a[world.row(r) + EXISTS] == 0) {
            emit(written(t, r, value, OLD_BIT | NEW_BIT, false), step, node, y);
            emit(written(t, r, value, OLD_BIT | NEW_BIT, true), step, node, y);
            return;
        }
        emit(written(t, r, value, NEW_BIT, false), step, node, y);
        if (a[s + TRIGGER_NEW] == 0 || a[s + OLD_OMITTABLE] == 1) {
            emit(written(t, r, value, OLD_BIT, true), step, node, y);
        } else if (healthy) {
            // The guard would overwrite NEW with what the source says, or refuse.
            fails(Invariant.LOST_WRITE, step, node, y);
        }
    }

    private int[] written(int t, int r, int value, int sides, boolean apart) {
        int[] c = a.clone();
        c[t + STATE] = WRITTEN;
        c[t + ROW] = r;
        c[t + VALUE] = value;
        c[t + WRITES] = sides;
        c[t + APART] = apart ? 1 : 0;
        return c;
    }

    private boolean anybodySetsNew() {
        for (int n = 0; n < bounds.nodes(); n++) {
            Phases occupied = new Phases(a[world.node(n) + DRAINING]).with(Phase.values()[a[world.node(n) + PHASE]]);
            if (registered(n) && occupied.contains(Phase.NEW_ONLY)) {
                return true;
            }
        }
        return false;
    }

    int[] committed(int t) {
        int[] c = a.clone();
        int o = world.row(a[t + ROW]);
        boolean inserts = a[o + EXISTS] == 0;
        int value = a[t + VALUE];
        boolean apart = a[t + APART] == 1;
        if ((a[t + WRITES] & OLD_BIT) != 0) {
            c[o + OLD_VALUE] = apart && inserts ? value ^ 1 : value;
        } else if (inserts) {
            c[o + OLD_VALUE] = NULL;
        }
        if ((a[t + WRITES] & NEW_BIT) != 0) {
            c[o + NEW_VALUE] = value;
        } else if (inserts) {
            c[o + NEW_VALUE] = mutation == Mutation.DEFAULT_ON_NEW && a[world.schema + NEW_EXISTS] == 1 ? 0 : NULL;
        }
        c[o + EXISTS] = 1;
        if (inserts || !apart) {
            c[o + TRUTH] = value;
        }
        if (a[t + RECORDS] == 1) {
            c[o + DIRTY] = 1;
        }
        clear(c, t);
        return c;
    }
}

package dev.segue.model;

import static dev.segue.model.World.*;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Phase;

/** Somebody who writes OLD and knows nothing of the change: an older version of the application, a script. */
final class UnregisteredWriter extends Writer {

    UnregisteredWriter(ControlPlane control) {
        super(control);
    }

    @Override
    void steps() {
        if (!bounds.legacy()) {
            return;
        }
        int t = world.legacy;
        if (a[t + STATE] == NONE) {
            // Once nodes have taken the change to its end, that it fails is what it has been told. With no node there
            // at all, it is the application itself.
            if (a[VOUCHED] == 1) {
                return;
            }
            if (bounds.form() == Guard.Form.JAVA_BLIND) {
                emit(after(control.vouches(a)), Step.VOUCHES, 0, 0);
            }
            if (a[world.schema + OLD_EXISTS] == 1 || bounds.nodes() == 0) {
                writes(t, Phase.OLD_ONLY, true, true, Step.LEGACY_WRITES, -1);
            }
            return;
        }
        emit(committed(t), Step.LEGACY_COMMITS, 0, 0);
        emit(ended(t), Step.LEGACY_ABORTS, 0, 0);
    }
}

package dev.segue.fleet;

import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.sql.SQLException;

/**
 * Writes down that a stage is about to run, before it does, and that it has. From the intent on, the rule counts a column
 * as missing or mandatory.
 *
 * <p>Thread-safe.
 */
public final class StageIntents {

    private final ChangeStore<?> store;

    public StageIntents(ChangeStore<?> store) {
        this.store = store;
    }

    /**
     * Records the intent, or finds it recorded by somebody who did not finish. It may take the place of the opposite one,
     * see {@link Rule}; then the statements of this direction take back whatever those of the other one have done.
     *
     * @param apply whether the stage is to be applied; else it is reverted
     * @return whether the statements may run now
     */
    public boolean begin(String change, Stage stage, boolean apply) throws SQLException {
        Progress underWay = underWay(apply);
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            Progress now = s.stages().of(stage);
            if (now == underWay) {
                return true;
            }
            boolean begins = now != end(apply) && (apply ? Rule.apply(s, stage) : Rule.revert(s, stage)).isEmpty();
            if (begins) {
                Situation next = s.stage(stage, underWay);
                if (stage == Stage.GUARD && !apply) {
                    // From here on nobody counts on a trigger that is about to go.
                    next = next.guarded(Side.NEW, false).guarded(Side.OLD, false);
                }
                locked.save(next);
                locked.journal("stage " + stage.id(), now.id(), underWay.id(), null);
            }
            return begins;
        });
    }

    /** Records that the statements have run. Does nothing if somebody else has recorded it before. */
    public void end(String change, Stage stage, boolean apply) throws SQLException {
        Progress underWay = underWay(apply);
        Progress end = end(apply);
        store.underLock(change, locked -> {
            Situation s = locked.situation();
            if (s.stages().of(stage) == underWay) {
                Situation next = s.stage(stage, end);
                if (stage == Stage.GUARD && apply) {
                    next = next.guarded(Side.NEW, true);
                }
                locked.save(next);
                locked.journal("stage " + stage.id(), underWay.id(), end.id(), null);
            }
            return s;
        });
    }

    /** Records that the trigger stands which brings OLD up to date for writers of NEW. */
    public void guardedBack(String change) throws SQLException {
        store.underLock(change, locked -> {
            Situation s = locked.situation();
            if (s.stages().done(Stage.GUARD) && s.stages().pending(Stage.CONTRACT)) {
                locked.save(s.guarded(Side.OLD, true));
                locked.journal("guard", null, "new-to-old", "the way back stays open from new-only");
            }
            return s;
        });
    }

    /**
     * Records the intent to switch a guard in Java form, or finds it recorded.
     *
     * @param refuse whether it is to refuse one-sided writes; else it is to record them again
     * @return whether the triggers may be exchanged now
     */
    public boolean beginSwitch(String change, boolean refuse) throws SQLException {
        Progress underWay = underWay(refuse);
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            Progress now = s.guard().refusal();
            if (now == underWay) {
                return true;
            }
            boolean begins = now != end(refuse) && (refuse ? Rule.refuse(s) : Rule.record(s)).isEmpty();
            if (begins) {
                locked.save(s.refusing(underWay));
                locked.journal("guard refuses", now.id(), underWay.id(), null);
            }
            return begins;
        });
    }

    /** Records that the triggers have been exchanged. Does nothing if somebody else has recorded it before. */
    public void endSwitch(String change, boolean refuse) throws SQLException {
        Progress underWay = underWay(refuse);
        Progress end = end(refuse);
        store.underLock(change, locked -> {
            Situation s = locked.situation();
            if (s.guard().refusal() == underWay) {
                locked.save(s.refusing(end));
                locked.journal("guard refuses", underWay.id(), end.id(), null);
            }
            return s;
        });
    }

    private static Progress underWay(boolean apply) {
        return apply ? Progress.APPLYING : Progress.REVERTING;
    }

    private static Progress end(boolean apply) {
        return apply ? Progress.DONE : Progress.PENDING;
    }
}

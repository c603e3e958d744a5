package dev.segue.fleet;

import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * Writes down that a stage is about to run, before it does, and that it has. From the intent on, the rule counts a column
 * as missing or mandatory.
 *
 * <p>Each intent has a number. Whoever records the end says which intent it was: a node that is stopped after its last
 * statement, while others turn round and begin the same thing anew, has done nothing for the new intent.
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
     * @return the number of the intent, if the statements may run now
     */
    public OptionalLong begin(String change, Stage stage, boolean apply) throws SQLException {
        Progress underWay = underWay(apply);
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            Progress now = s.stages().of(stage);
            if (now == underWay) {
                return OptionalLong.of(locked.intents());
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
            return begins ? OptionalLong.of(locked.intend()) : OptionalLong.empty();
        });
    }

    /**
     * Records that the statements have run. Does nothing if somebody else has recorded it before, or if it was for an
     * earlier intent.
     */
    public void end(String change, Stage stage, boolean apply, long intent) throws SQLException {
        Progress underWay = underWay(apply);
        Progress end = end(apply);
        store.underLock(change, locked -> {
            Situation s = locked.situation();
            if (s.stages().of(stage) == underWay && locked.intents() == intent) {
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

    /**
     * Before the trigger is installed which brings OLD up to date for writers of NEW: it needs no intent of its own.
     *
     * @return the number of the last intent, if the statements may run now
     */
    public OptionalLong beginBack(String change) throws SQLException {
        return store.underLock(
                change,
                locked -> mayGuardBack(locked.situation()) ? OptionalLong.of(locked.intents()) : OptionalLong.empty());
    }

    private static boolean mayGuardBack(Situation s) {
        return s.stages().done(Stage.GUARD) && s.stages().pending(Stage.CONTRACT);
    }

    /** Records that this trigger stands. Does nothing if there has been another intent since: it may be gone again. */
    public void guardedBack(String change, long intent) throws SQLException {
        store.underLock(change, locked -> {
            Situation s = locked.situation();
            if (mayGuardBack(s) && locked.intents() == intent) {
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
     * @return the number of the intent, if the triggers may be exchanged now
     */
    public OptionalLong beginSwitch(String change, boolean refuse) throws SQLException {
        Progress underWay = underWay(refuse);
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            Progress now = s.guard().refusal();
            if (now == underWay) {
                return OptionalLong.of(locked.intents());
            }
            boolean begins = now != end(refuse) && (refuse ? Rule.refuse(s) : Rule.record(s)).isEmpty();
            if (begins) {
                locked.save(s.refusing(underWay));
                locked.journal("guard refuses", now.id(), underWay.id(), null);
            }
            return begins ? OptionalLong.of(locked.intend()) : OptionalLong.empty();
        });
    }

    /** Records that the triggers have been exchanged, as {@link #end} does. */
    public void endSwitch(String change, boolean refuse, long intent) throws SQLException {
        Progress underWay = underWay(refuse);
        Progress end = end(refuse);
        store.underLock(change, locked -> {
            Situation s = locked.situation();
            if (s.guard().refusal() == underWay && locked.intents() == intent) {
                locked.save(s.refusing(end));
                locked.journal("guard refuses", underWay.id(), end.id(), null);
            }
            return s;
        });
    }

    /**
     * Records the intent to hide the old columns before they are dropped, or to show them again; or finds it recorded.
     *
     * @param hide only where nothing but time keeps them from being dropped
     * @return the number of the intent, if the statements may run now
     */
    public OptionalLong beginDryRun(String change, boolean hide) throws SQLException {
        Progress underWay = underWay(hide);
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            Progress now = locked.dryRun();
            if (now == underWay) {
                return OptionalLong.of(locked.intents());
            }
            boolean begins = now != end(hide)
                    && s.stages().pending(Stage.CONTRACT)
                    && (!hide || Rule.apply(s, Stage.CONTRACT).isEmpty());
            if (begins) {
                locked.dryRun(underWay);
            }
            return begins ? OptionalLong.of(locked.intend()) : OptionalLong.empty();
        });
    }

    /** Records that the old columns are hidden, or shown again, as {@link #end} does. */
    public void endDryRun(String change, boolean hide, long intent) throws SQLException {
        store.underLock(change, locked -> {
            if (locked.dryRun() == underWay(hide) && locked.intents() == intent) {
                locked.dryRun(end(hide));
            }
            return intent;
        });
    }

    private static Progress underWay(boolean apply) {
        return apply ? Progress.APPLYING : Progress.REVERTING;
    }

    private static Progress end(boolean apply) {
        return apply ? Progress.DONE : Progress.PENDING;
    }
}

package dev.segue.model;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What nodes and workers have the registry write down. Each answer is the situation afterwards, or null if nothing has
 * come of it.
 */
interface Fleet {

    @Nullable
    Situation joins(Situation s, String node, Phase phase);

    @Nullable
    Situation moves(Situation s, String node, Phase phase);

    /** @param open the phases in which it still has sessions */
    @Nullable
    Situation drained(Situation s, String node, Phases open);

    @Nullable
    Situation leaves(Situation s, String node);

    /** The others have seen nothing of it for a whole lease. */
    @Nullable
    Situation lapses(Situation s, String node);

    /** @param apply whether a stage is applied; else it is reverted */
    @Nullable
    Situation begins(Situation s, Stage stage, boolean apply);

    @Nullable
    Situation ends(Situation s, Stage stage, boolean apply);

    /** The trigger stands that brings OLD up to date. */
    @Nullable
    Situation guardedBack(Situation s);

    /** @param refuse whether a guard in Java form is to refuse one-sided writes; else it is to record them */
    @Nullable
    Situation beginsSwitch(Situation s, boolean refuse);

    @Nullable
    Situation endsSwitch(Situation s, boolean refuse);

    /** The operator confirms that values which OLD cannot hold may be lost. */
    @Nullable
    Situation discards(Situation s);

    /** The operator says that nobody else writes. */
    @Nullable
    Situation vouches(Situation s);

    /** A pass notes what it is for; nothing is written down. */
    @Nullable
    Situation notes(Situation s, Side side);

    /** A pass has seen every row in the epoch of this situation. */
    @Nullable
    Situation seals(Situation s, Side side);

    /** A row has been found that breaks the seal. */
    @Nullable
    Situation voids(Situation s, Side side);
}

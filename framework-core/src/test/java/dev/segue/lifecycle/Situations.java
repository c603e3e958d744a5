package dev.segue.lifecycle;

import java.util.ArrayList;
import java.util.List;

/** Situations to begin a test with. */
final class Situations {

    private Situations() {}

    /** Everything proven and every stage but the drop done, so that only the fleet clause can hold a move. */
    static Situation open(Guard.Form form) {
        return Situation.initial(Kind.REPLACE, form)
                .stage(Stage.EXPAND, Progress.DONE)
                .stage(Stage.RELAX, Progress.DONE)
                .proven(Side.NEW);
    }

    static Situation with(Situation s, String node, Phase phase, Phase... draining) {
        List<Participant> all = new ArrayList<>(s.participants());
        all.add(new Participant(node, "shop", phase, Phases.of(draining), phase));
        return new Situation(
                s.kind(), s.epoch(), s.sealedOld(), s.sealedNew(), s.discards(), s.guard(), s.stages(), all);
    }

    static Situation requesting(Situation s, Phase requested) {
        Situation next = s;
        for (Participant participant : s.participants()) {
            next = next.requested(participant.node(), requested);
        }
        return next;
    }
}

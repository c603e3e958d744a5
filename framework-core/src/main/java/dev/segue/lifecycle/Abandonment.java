package dev.segue.lifecycle;

import dev.segue.lifecycle.Agenda.Work;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a change that is abandoned needs next, once every node is told to go to {@code old-only}: first that nothing more
 * is applied, then what the way back needs, see {@link Agenda}, then the schema as it was, stage by stage. The guard goes
 * with the columns that it fills.
 */
public final class Abandonment {

    private static final List<Stage> REVERSE = List.of(Stage.ENFORCE, Stage.RELAX, Stage.EXPAND);

    private Abandonment() {}

    public static Optional<Work> next(Situation s) {
        return Arrays.stream(Stage.values())
                .filter(stage -> s.stages().of(stage) == Progress.APPLYING
                        && Rule.revert(s, stage).isEmpty())
                .findFirst()
                .<Work>map(Work.Revert::new)
                .or(() -> Agenda.next(toldToGoBack(s), false))
                .or(() -> REVERSE.stream()
                        .filter(stage -> s.stages().done(stage))
                        .findFirst()
                        .filter(stage -> s.everyoneIn(Phases.of(Phase.OLD_ONLY))
                                && Rule.revert(s, stage).isEmpty())
                        .map(Work.Revert::new));
    }

    /** A node that has not heard of it yet would have things applied that are then taken back, over and over. */
    private static Situation toldToGoBack(Situation s) {
        Situation told = s;
        for (Participant participant : s.participants()) {
            told = told.requested(participant.node(), Phase.OLD_ONLY);
        }
        return told;
    }
}

package dev.segue.lifecycle;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a change needs next so that its nodes can go where they are told: which stage, which trigger, which seal. Any
 * node may do it; the intent under the change's row lock decides who does.
 */
public final class Agenda {

    /** One piece of work on the schema or the rows. */
    public sealed interface Work {

        /** Apply a stage, or go on with one whose intent stands; or take the place of a revert that is under way. */
        record Apply(Stage stage) implements Work {}

        /** Revert a stage, or go on with a revert whose intent stands; or take the place of an apply that is under way. */
        record Revert(Stage stage) implements Work {}

        /** Install the trigger that brings OLD up to date for writers of NEW. */
        record GuardBack() implements Work {}

        /** Let a guard in Java form refuse one-sided writes, or record them again; or go on with that. */
        record SwitchGuard(boolean refuses) implements Work {}

        /** Hide the old columns for a while before they are dropped, or show them again; see {@code dev.segue.DryRun}. */
        record DryRun(boolean hides) implements Work {}

        /** Prove that a side holds the current value in every row. */
        record Seal(Side side) implements Work {}
    }

    private Agenda() {}

    /**
     * @param mayContract whether the drop is permitted and its hold time is over
     */
    public static Optional<Work> next(Situation s, boolean mayContract) {
        return underWay(s).or(() -> beginning(s, mayContract));
    }

    private static Optional<Work> beginning(Situation s, boolean mayContract) {
        Stages stages = s.stages();
        if (s.participants().isEmpty() || !stages.pending(Stage.CONTRACT)) {
            return Optional.empty();
        }
        Phase highest = requested(s, Comparator.naturalOrder());
        Phase lowest = requested(s, Comparator.reverseOrder());
        boolean onTheWay = !s.everyoneIn(Phases.of(Phase.OLD_ONLY));
        if (!s.kind().comparesSides()) {
            return forgetting(s, highest, mayContract);
        }
        if (highest == Phase.OLD_ONLY) {
            if (stages.done(Stage.ENFORCE) && onTheWay) {
                return when(Rule.revert(s, Stage.ENFORCE), new Work.Revert(Stage.ENFORCE));
            }
            return s.guard().mayRefuse() && s.sealed(Side.OLD)
                    ? when(Rule.record(s), new Work.SwitchGuard(false))
                    : sealForTheWayBack(s, lowest);
        }
        if (stages.pending(Stage.EXPAND)) {
            return when(Rule.apply(s, Stage.EXPAND), new Work.Apply(Stage.EXPAND));
        }
        if (s.guard().expectsUnregisteredWriters() && stages.pending(Stage.GUARD) && onTheWay) {
            return when(Rule.apply(s, Stage.GUARD), new Work.Apply(Stage.GUARD));
        }
        if (!s.sealed(Side.NEW)) {
            if (s.guard().form().isJava()
                    && s.guard().expectsUnregisteredWriters()
                    && !s.guard().refuses()) {
                return when(Rule.refuse(s), new Work.SwitchGuard(true));
            }
            return when(Rule.seal(s, Side.NEW), new Work.Seal(Side.NEW));
        }
        if (stages.pending(Stage.ENFORCE)) {
            return highest.isAbove(Phase.DUAL_WRITE)
                    ? when(Rule.apply(s, Stage.ENFORCE), new Work.Apply(Stage.ENFORCE))
                    : Optional.empty();
        }
        if (highest == Phase.NEW_ONLY && Rule.everyoneReadsNew(s)) {
            if (stages.pending(Stage.RELAX)) {
                return when(Rule.apply(s, Stage.RELAX), new Work.Apply(Stage.RELAX));
            }
            if (s.kind().convertsBack()
                    && s.guard().form() == Guard.Form.SQL
                    && !s.guard().newToOld()) {
                return Optional.of(new Work.GuardBack());
            }
        }
        if (mayContract && Rule.apply(s, Stage.CONTRACT).isEmpty()) {
            return Optional.of(new Work.Apply(Stage.CONTRACT));
        }
        return sealForTheWayBack(s, lowest);
    }

    /** What is under way is brought to its end, or taken back if that is not where anybody is told to go any more. */
    public static Optional<Work> underWay(Situation s) {
        for (Stage stage : Stage.values()) {
            Progress now = s.stages().of(stage);
            if (now == Progress.APPLYING) {
                boolean takenBack = stage != Stage.EXPAND
                        && everyoneRequests(s, Phase.OLD_ONLY)
                        && Rule.revert(s, stage).isEmpty();
                return Optional.of(takenBack ? new Work.Revert(stage) : new Work.Apply(stage));
            }
            if (now == Progress.REVERTING) {
                boolean takenBack = everyoneRequests(s, Phase.NEW_ONLY)
                        && Rule.apply(s, stage).isEmpty();
                return Optional.of(takenBack ? new Work.Apply(stage) : new Work.Revert(stage));
            }
        }
        Progress refusal = s.guard().refusal();
        return refusal.underWay()
                ? Optional.of(
                        new Work.SwitchGuard(refusal == Progress.APPLYING && !everyoneRequests(s, Phase.OLD_ONLY)))
                : Optional.empty();
    }

    private static boolean everyoneRequests(Situation s, Phase phase) {
        return !s.participants().isEmpty()
                && s.participants().stream().allMatch(participant -> participant.requested() == phase);
    }

    /** Nobody cares for the value: the columns become omittable, and then they go. */
    private static Optional<Work> forgetting(Situation s, Phase highest, boolean mayContract) {
        if (highest == Phase.NEW_ONLY && s.stages().pending(Stage.RELAX)) {
            return when(Rule.apply(s, Stage.RELAX), new Work.Apply(Stage.RELAX));
        }
        return mayContract ? when(Rule.apply(s, Stage.CONTRACT), new Work.Apply(Stage.CONTRACT)) : Optional.empty();
    }

    private static Optional<Work> sealForTheWayBack(Situation s, Phase lowest) {
        if (s.sealed(Side.OLD) || lowest.reads() == Side.NEW) {
            return Optional.empty();
        }
        if (s.kind().setsFreely() && s.stages().done(Stage.RELAX)) {
            return when(Rule.revert(s, Stage.RELAX), new Work.Revert(Stage.RELAX));
        }
        if (s.kind().convertsBack()
                && s.guard().expectsUnregisteredWriters()
                && !s.guard().newToOld()) {
            return s.stages().done(Stage.GUARD) ? Optional.of(new Work.GuardBack()) : Optional.empty();
        }
        return when(Rule.seal(s, Side.OLD), new Work.Seal(Side.OLD));
    }

    private static Phase requested(Situation s, Comparator<Phase> order) {
        return s.participants().stream().map(Participant::requested).max(order).orElseThrow();
    }

    private static Optional<Work> when(List<Held> held, Work work) {
        return held.isEmpty() ? Optional.of(work) : Optional.empty();
    }
}

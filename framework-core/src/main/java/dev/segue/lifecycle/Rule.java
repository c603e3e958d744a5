package dev.segue.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rule of moves: what a node, a stage or a seal may do, given a {@link Situation}. Each question answers with what
 * stands in the way; an empty list is a yes.
 *
 * <ol>
 *   <li><b>Fleet</b>: for every phase that anybody occupies, the asking node's own open sessions included, its reads
 *       are among the writes of the wanted phase and the other way round.
 *   <li><b>Truth</b>: the side that is read is sealed.
 *   <li><b>Schema</b>: every column that is named exists and stays, every column that is not written may be omitted.
 * </ol>
 *
 * <p>The ideas: adjacent states that are compatible and leases (F1, "Online, Asynchronous Schema Change", VLDB 2013);
 * dual writing in steps. The seal, which ties the rule to the rows that are really there, is Segue's own.
 */
public final class Rule {

    private static final Phases BOTH_SIDES = Phases.of(Phase.DUAL_WRITE, Phase.SHADOW_READ, Phase.READ_NEW);
    private static final Phases READERS_OF_NEW = Phases.of(Phase.READ_NEW, Phase.NEW_ONLY);

    private Rule() {}

    /** May a node begin to occupy the phase? The effect of a yes is {@link Situation#occupied}. */
    public static List<Held> occupy(Situation s, Phase wanted) {
        if (!s.kind().has(wanted)) {
            return List.of(new Held.NoSuchPhase(s.kind(), wanted));
        }
        List<Held> held = new ArrayList<>();
        for (Participant other : s.participants()) {
            for (Phase phase : other.occupied().asList()) {
                if (!s.brings(wanted, phase.reads())) {
                    held.add(new Held.ReadByOthers(other, phase, wanted));
                }
                if (!s.brings(phase, wanted.reads())) {
                    held.add(new Held.NotWrittenByOthers(other, phase, wanted));
                }
            }
        }
        if (!s.sealed(wanted.reads())) {
            held.add(new Held.NotSealed(wanted.reads()));
        }
        held.addAll(schema(s, wanted));
        return held;
    }

    private static List<Held> schema(Situation s, Phase wanted) {
        List<Held> held = new ArrayList<>();
        Stages stages = s.stages();
        if (wanted.names(Side.NEW) && s.awaits(Stage.EXPAND)) {
            held.add(new Held.Missing(Side.NEW, Stage.EXPAND, stages.expand()));
        }
        if (wanted.names(Side.OLD) && !stages.pending(Stage.CONTRACT)) {
            held.add(new Held.Missing(Side.OLD, Stage.CONTRACT, stages.contract()));
        }
        if (!wanted.writes(Side.NEW)) {
            if (!stages.pending(Stage.ENFORCE)) {
                held.add(new Held.NotOmittable(Side.NEW, Stage.ENFORCE, stages.enforce()));
            }
            if (s.guard().mayRefuse()) {
                held.add(new Held.Unguarded(Side.NEW, s.guard()));
            }
        }
        if (!wanted.writes(Side.OLD) && !stages.done(Stage.CONTRACT)) {
            if (!stages.done(Stage.RELAX)) {
                held.add(
                        s.kind().setsFreely()
                                ? new Held.NotFree(stages.relax())
                                : new Held.NotOmittable(Side.OLD, Stage.RELAX, stages.relax()));
            }
            // A guard that fills NEW would fill it from an OLD that has fallen behind, whoever writes.
            if (s.kind().convertsBack()
                    && (s.guard().expectsUnregisteredWriters() || s.guard().fills(Side.NEW))
                    && !s.guard().fills(Side.OLD)
                    && !s.guard().shutsOut()) {
                held.add(new Held.Unguarded(Side.OLD, s.guard()));
            }
        }
        return held;
    }

    /**
     * May a pass begin that ends in sealing the side? Where OLD cannot be written from NEW, the pass that seals OLD brings
     * NEW back to it. Each row that it repairs is then a write of the attribute, by order, so that whoever reads NEW
     * meanwhile reads the truth.
     */
    public static List<Held> seal(Situation s, Side side) {
        String wanted = "seal(" + side + ")";
        List<Held> held = new ArrayList<>();
        if (!s.kind().comparesSides()) {
            held.add(new Held.Lacks(wanted, "there are no new columns to compare with", "none needed"));
        }
        if (!s.stages().done(Stage.EXPAND)) {
            held.add(new Held.Lacks(wanted, "the new columns are not there", "wait for EXPAND"));
        }
        if (!s.stages().pending(Stage.CONTRACT)) {
            held.add(new Held.Lacks(wanted, "the old columns are gone or going", "none: the drop is final"));
        }
        if (!s.sealed(side.other())) {
            held.add(new Held.Lacks(wanted, side.other() + " is not sealed and cannot be its source", "none needed"));
        }
        Side repaired = s.kind().repaired(side);
        if (s.guard().expectsUnregisteredWriters() && !s.guard().stands(repaired)) {
            held.add(new Held.Lacks(
                    wanted, "the guard that keeps " + repaired + " current does not stand", "wait for GUARD"));
        }
        if (s.kind().setsFreely() && !s.stages().pending(Stage.RELAX)) {
            held.add(new Held.Lacks(
                    wanted,
                    "NEW does not follow the columns that it is computed from: RELAX is "
                            + s.stages().relax().id(),
                    "revert RELAX first"));
        }
        if (side == Side.OLD) {
            held.addAll(needsConfirmation(s, wanted));
        } else {
            held.addAll(needsRefusal(s));
        }
        held.addAll(outside(s, wanted, phase -> s.brings(phase, Side.OLD) && s.brings(phase, Side.NEW)));
        return held;
    }

    /**
     * May the intent to apply the stage be recorded? Also in place of the intent to revert {@code RELAX}: rows that hold
     * NULL can keep OLD from becoming mandatory for good, and until it is nobody counts on that.
     */
    public static List<Held> apply(Situation s, Stage stage) {
        if (stage == Stage.RELAX && s.stages().relax() == Progress.REVERTING) {
            return List.of();
        }
        String wanted = stage.name();
        List<Held> held = new ArrayList<>(nothingElse(s, wanted));
        if (!s.kind().has(stage)) {
            held.add(noSuchStage(s, wanted));
        }
        if (!s.stages().pending(Stage.CONTRACT)) {
            held.add(new Held.Lacks(
                    wanted, "CONTRACT is " + s.stages().contract().id(), "none: the drop is final"));
        }
        if (stage != Stage.EXPAND && s.awaits(Stage.EXPAND)) {
            held.add(new Held.Lacks(wanted, "the new columns are not there", "wait for EXPAND"));
        }
        switch (stage) {
            case EXPAND, GUARD -> {}
            case RELAX -> {
                if (s.kind().setsFreely()) {
                    // OLD is void from the intent on: whoever is there must read NEW already.
                    held.addAll(needsSeal(s, wanted));
                    held.addAll(outside(s, wanted, READERS_OF_NEW::contains));
                }
            }
            case ENFORCE -> {
                held.addAll(needsSeal(s, wanted));
                held.addAll(needsRefusal(s));
                held.addAll(outside(s, wanted, BOTH_SIDES::contains));
            }
            case CONTRACT -> {
                held.addAll(needsSeal(s, wanted));
                if (s.awaits(Stage.ENFORCE)) {
                    held.add(new Held.Lacks(
                            wanted, "ENFORCE is " + s.stages().enforce().id(), "wait for ENFORCE"));
                }
                if (!s.stages().done(Stage.RELAX)) {
                    held.add(new Held.Lacks(
                            wanted, "RELAX is " + s.stages().relax().id(), "wait for RELAX"));
                }
                if (s.participants().isEmpty()) {
                    held.add(new Held.Lacks(wanted, "no node is registered", "start a node in new-only"));
                }
                held.addAll(outside(s, wanted, phase -> phase == Phase.NEW_ONLY));
            }
        }
        return held;
    }

    /**
     * May the intent to revert the stage be recorded? Also in place of the intent to apply it, unless that is the drop: rows
     * that do not fit an index or a missing right can keep a stage from being done for good, and until it is nobody counts
     * on it.
     */
    public static List<Held> revert(Situation s, Stage stage) {
        if (stage != Stage.CONTRACT && s.stages().of(stage) == Progress.APPLYING) {
            return List.of();
        }
        String wanted = "reverting " + stage;
        List<Held> held = new ArrayList<>(nothingElse(s, wanted));
        if (!s.kind().has(stage)) {
            held.add(noSuchStage(s, wanted));
        }
        if (stage == Stage.CONTRACT || !s.stages().pending(Stage.CONTRACT)) {
            held.add(new Held.Lacks(
                    wanted, "CONTRACT is " + s.stages().contract().id(), "none: the drop is final"));
        }
        switch (stage) {
            case ENFORCE, CONTRACT -> {}
            case RELAX -> {
                held.addAll(needsConfirmation(s, wanted));
                if (s.kind().convertsBack() && !s.sealed(Side.OLD)) {
                    held.add(new Held.Lacks(wanted, "OLD is not sealed and may hold NULLs", "wait for seal(OLD)"));
                }
                held.addAll(outside(s, wanted, phase -> phase != Phase.NEW_ONLY));
            }
            case EXPAND, GUARD -> {
                if (!s.sealed(Side.OLD)) {
                    held.add(new Held.Lacks(wanted, "OLD is not sealed", "wait for seal(OLD)"));
                }
                if (s.guard().mayRefuse()) {
                    held.add(new Held.Lacks(wanted, "the guard refuses", "let it record again first"));
                }
                if (stage == Stage.GUARD && s.sealed(Side.NEW)) {
                    held.add(new Held.Lacks(wanted, "NEW is sealed and the guard keeps it so", "go to old-only first"));
                }
                if (!s.stages().pending(Stage.ENFORCE)) {
                    held.add(new Held.Lacks(
                            wanted, "ENFORCE is " + s.stages().enforce().id(), "revert ENFORCE first"));
                }
                held.addAll(outside(s, wanted, phase -> phase == Phase.OLD_ONLY));
            }
        }
        return held;
    }

    /**
     * May the operator confirm that the way back discards the values that were set? Not before the last node has stopped
     * setting them. The effect of a yes is {@link Situation#discarding}.
     */
    public static List<Held> discard(Situation s) {
        String wanted = "discarding the values that were set";
        List<Held> held = new ArrayList<>();
        if (!s.kind().setsFreely() || s.sealed(Side.OLD)) {
            held.add(new Held.Lacks(wanted, "there are none that OLD cannot hold", "none needed"));
        }
        if (!s.stages().pending(Stage.CONTRACT)) {
            held.add(new Held.Lacks(
                    wanted, "CONTRACT is " + s.stages().contract().id(), "none: the change is over"));
        }
        held.addAll(outside(s, wanted, phase -> phase != Phase.NEW_ONLY));
        return held;
    }

    /**
     * May a guard in Java form begin to refuse one-sided writes? A conversion that the database cannot say leaves NEW behind
     * for as long as such a write waits in the queue, so a side that is proven cannot have any.
     */
    public static List<Held> refuse(Situation s) {
        String wanted = "refusing one-sided writes";
        List<Held> held = new ArrayList<>(nothingElse(s, wanted));
        if (!s.guard().form().isJava()) {
            held.add(new Held.Lacks(wanted, "the guard is not in Java form", "none needed"));
        }
        if (!s.guard().stands(Side.NEW)) {
            held.add(new Held.Lacks(wanted, "the guard does not stand", "wait for GUARD"));
        }
        if (!s.stages().pending(Stage.CONTRACT)) {
            held.add(new Held.Lacks(
                    wanted, "CONTRACT is " + s.stages().contract().id(), "none: the drop is final"));
        }
        held.addAll(outside(s, wanted, phase -> phase.writes(Side.NEW)));
        return held;
    }

    /**
     * May a guard in Java form go back from refusing one-sided writes to recording them? Also in place of the intent to
     * let it refuse them.
     */
    public static List<Held> record(Situation s) {
        String wanted = "recording one-sided writes again";
        boolean takenBack = s.guard().refusal() == Progress.APPLYING;
        List<Held> held = new ArrayList<>(takenBack ? List.of() : nothingElse(s, wanted));
        if (!s.guard().mayRefuse()) {
            held.add(new Held.Lacks(wanted, "the guard does not refuse any", "none needed"));
        }
        if (!s.sealed(Side.OLD)) {
            held.add(new Held.Lacks(wanted, "OLD is not sealed", "wait for seal(OLD)"));
        }
        if (!s.stages().pending(Stage.ENFORCE)) {
            held.add(new Held.Lacks(wanted, "ENFORCE is " + s.stages().enforce().id(), "revert ENFORCE first"));
        }
        held.addAll(outside(s, wanted, phase -> phase.reads() == Side.OLD));
        return held;
    }

    /** Whether the time may come when nothing names an old column: everybody reads NEW already. */
    public static boolean everyoneReadsNew(Situation s) {
        return !s.participants().isEmpty() && s.everyoneIn(READERS_OF_NEW);
    }

    /** What is under way is brought to its end first: its statements may run at any moment. */
    private static List<Held> nothingElse(Situation s, String wanted) {
        List<Held> held = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            if (s.stages().of(stage).underWay()) {
                held.add(new Held.Lacks(
                        wanted, stage + " is " + s.stages().of(stage).id(), "wait for it"));
            }
        }
        if (s.guard().refusal().underWay()) {
            held.add(new Held.Lacks(wanted, "the guard is being switched", "wait for it"));
        }
        return held;
    }

    /** May the two sides be compared? Only where both are proven, so that a difference is one that must not be. */
    public static boolean comparable(Situation s) {
        return s.kind().comparesSides()
                && s.sealed(Side.OLD)
                && s.sealed(Side.NEW)
                && s.stages().done(Stage.EXPAND)
                && s.stages().pending(Stage.CONTRACT);
    }

    /**
     * Which side loses its proof after rows have been found whose sides differ: one that nobody reads, NEW before OLD.
     * Neither, if both are read; and never the only one that is proven, nor the sources of a new attribute. The effect is
     * {@link Situation#voided}.
     */
    public static Optional<Side> disproven(Situation s) {
        if (!comparable(s)) {
            return Optional.empty();
        }
        return Stream.of(Side.NEW, Side.OLD)
                .filter(side -> side == Side.NEW || s.kind().convertsBack())
                .filter(side -> outside(s, "", phase -> phase.reads() != side).isEmpty())
                .findFirst();
    }

    private static Held noSuchStage(Situation s, String wanted) {
        return new Held.Lacks(wanted, "a change that is to " + s.kind().id() + " has no such stage", "none needed");
    }

    private static List<Held> needsConfirmation(Situation s, String wanted) {
        return s.kind().setsFreely() && !s.discards()
                ? List.of(new Held.Lacks(
                        wanted,
                        "values that were set in NEW are lost by it, and nobody has confirmed that",
                        "confirm that they may be discarded, or stay where NEW is read"))
                : List.of();
    }

    private static List<Held> needsRefusal(Situation s) {
        return s.guard().form().isJava()
                        && s.guard().expectsUnregisteredWriters()
                        && !s.guard().refuses()
                ? List.of(new Held.Unguarded(Side.NEW, s.guard()))
                : List.of();
    }

    private static List<Held> needsSeal(Situation s, String wanted) {
        return s.sealed(Side.NEW)
                ? List.of()
                : List.of(new Held.Lacks(wanted, "NEW is not sealed", "wait for the pass that seals NEW"));
    }

    private static List<Held> outside(Situation s, String wanted, Predicate<Phase> allowed) {
        List<Held> held = new ArrayList<>();
        for (Participant participant : s.participants()) {
            for (Phase phase : participant.occupied().asList()) {
                if (!allowed.test(phase)) {
                    held.add(new Held.Occupied(wanted, participant, phase));
                }
            }
        }
        return held;
    }
}

package dev.segue.lifecycle;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * All that the rule looks at: one change at one moment, as seen under the lock of its row. A value; each method that
 * changes something gives a new one and asks nothing, so ask {@link Rule} first.
 *
 * @param kind what it does to the attribute
 * @param epoch raised whenever a seal is voided
 * @param sealedOld whether OLD is proven to hold the current value in every row
 * @param sealedNew whether NEW is
 * @param discards whether the operator has confirmed that values may be lost that were set in NEW and that OLD cannot hold
 * @param guard the trigger
 * @param stages the schema
 * @param participants the nodes that are registered and whose lease has not run out
 */
public record Situation(
        Kind kind,
        long epoch,
        boolean sealedOld,
        boolean sealedNew,
        boolean discards,
        Guard guard,
        Stages stages,
        List<Participant> participants) {

    public Situation {
        participants = List.copyOf(participants);
    }

    /** A change that nobody has begun. */
    public static Situation initial(Kind kind, Guard.Form form) {
        return new Situation(kind, 0, true, false, false, Guard.of(form), Stages.NONE, List.of());
    }

    /** Whether the side is proven; where nobody cares for the value there is nothing to prove. */
    public boolean sealed(Side side) {
        return !kind.comparesSides() || (side == Side.OLD ? sealedOld : sealedNew);
    }

    /** Whether a writer in that phase brings the side up to date, by itself or by a standing guard in SQL form. */
    public boolean brings(Phase phase, Side side) {
        return !kind.comparesSides() || phase.writes(side) || (phase.writes(side.other()) && fills(side));
    }

    /** Whether the guard fills the side for every writer of the other one, and not only in INSERTs. */
    private boolean fills(Side side) {
        return guard.fills(side) && (!kind.setsFreely() || (side == Side.NEW && stages.pending(Stage.RELAX)));
    }

    /** Whether the stage is one of this kind of change and is not done. */
    public boolean awaits(Stage stage) {
        return kind.has(stage) && !stages.done(stage);
    }

    public Optional<Participant> participant(String node) {
        return participants.stream().filter(p -> p.node().equals(node)).findFirst();
    }

    /** Whether every phase that any participant occupies is one of these. */
    public boolean everyoneIn(Phases phases) {
        return participants.stream().allMatch(p -> (p.occupied().bits() & ~phases.bits()) == 0);
    }

    /** After a node has registered: a new one joins, one that is there moves. */
    public Situation occupied(Participant who, Phase phase) {
        Situation s = this;
        for (Side side : Side.values()) {
            if (!brings(phase, side)) {
                s = s.voided(side);
            }
        }
        boolean joins = participant(who.node()).isEmpty();
        return joins
                ? s.withParticipants(Stream.concat(
                                participants.stream(),
                                Stream.of(who.movedTo(phase).drainedTo(Phases.NONE)))
                        .toList())
                : s.replacing(who.node(), p -> p.movedTo(phase));
    }

    /** After sessions of a node have ended. */
    public Situation drained(String node, Phases open) {
        return replacing(node, p -> p.drainedTo(open));
    }

    /** After a node has been told to go elsewhere. */
    public Situation requested(String node, Phase phase) {
        return replacing(node, p -> p.requesting(phase));
    }

    /** After a node has left, or its lease has run out. */
    public Situation gone(String node) {
        return withParticipants(
                participants.stream().filter(p -> !p.node().equals(node)).toList());
    }

    /** After the intent or the end of a stage has been recorded. */
    public Situation stage(Stage stage, Progress progress) {
        Situation s = new Situation(
                kind, epoch, sealedOld, sealedNew, discards, guard, stages.with(stage, progress), participants);
        if (stage == Stage.RELAX && progress == Progress.APPLYING && kind.setsFreely()) {
            // From here on a write of a source may be no write of the attribute any more.
            return s.voided(Side.OLD);
        }
        if (stage == Stage.CONTRACT && progress == Progress.DONE) {
            return s.voided(Side.OLD).withGuard(guard.atStart());
        }
        if (stage == Stage.EXPAND && progress == Progress.PENDING) {
            // The triggers go with the columns that they fill.
            return s.voided(Side.NEW).withGuard(guard.atStart()).stage(Stage.GUARD, Progress.PENDING);
        }
        return s;
    }

    /** After a trigger has been installed, or before it is removed: a pass that counted on it is void. */
    public Situation guarded(Side filled, boolean stands) {
        Situation s = withGuard(guard.with(filled, stands));
        return stands
                ? s
                : new Situation(kind, epoch + 1, sealedOld, sealedNew, discards, s.guard, stages, participants);
    }

    /**
     * After the intent or the end of a switch of a guard in Java form has been recorded: from recording one-sided writes
     * to refusing them, so that NEW can be sealed, or back. From the intent to go back on, NEW is no longer proven.
     */
    public Situation refusing(Progress progress) {
        Situation s = withGuard(guard.with(progress));
        return progress == Progress.REVERTING ? s.voided(Side.NEW) : s;
    }

    /** After an operator has vouched that nobody outside the fleet writes. */
    public Situation vouched() {
        return withGuard(guard.vouchedFor());
    }

    /** After a pass has proven the side. */
    public Situation proven(Side side) {
        return new Situation(
                kind,
                epoch,
                sealedOld || side == Side.OLD,
                sealedNew || side == Side.NEW,
                discards,
                guard,
                stages,
                participants);
    }

    /**
     * After the operator has confirmed that the way back discards the values that were set. Holds until OLD is voided
     * the next time: values that are set after that need a new word.
     */
    public Situation discarding() {
        return new Situation(kind, epoch, sealedOld, sealedNew, true, guard, stages, participants);
    }

    /**
     * After the side has lost its proof. The epoch goes up even if there was none: a pass that is on its way to one
     * must not arrive.
     */
    public Situation voided(Side side) {
        return new Situation(
                kind,
                epoch + 1,
                sealedOld && side != Side.OLD,
                sealedNew && side != Side.NEW,
                discards && side != Side.OLD,
                guard,
                stages,
                participants);
    }

    private Situation withGuard(Guard next) {
        return new Situation(kind, epoch, sealedOld, sealedNew, discards, next, stages, participants);
    }

    private Situation withParticipants(List<Participant> next) {
        return new Situation(kind, epoch, sealedOld, sealedNew, discards, guard, stages, next);
    }

    private Situation replacing(String node, UnaryOperator<Participant> change) {
        return withParticipants(participants.stream()
                .map(p -> p.node().equals(node) ? change.apply(p) : p)
                .toList());
    }
}

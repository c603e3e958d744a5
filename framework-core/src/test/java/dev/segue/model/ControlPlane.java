package dev.segue.model;

import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The registry, as the model sees it: the production rule is asked, and the production transition is applied. A
 * mutation takes out what the production classes say at one place.
 *
 * <p>The same few situations come up in millions of states, so each answer is remembered.
 */
final class ControlPlane {

    /** The answer when the rule holds. */
    static final long HELD = -1;

    private static final int QUESTIONS = 150;

    private static final long EPOCH_RAISED = 1L << 62;

    private final World world;
    private final Mutation mutation;
    private final List<Map<Long, Long>> answers;
    private final int[] scratch;

    ControlPlane(World world, Mutation mutation) {
        this.world = world;
        this.mutation = mutation;
        this.scratch = new int[world.length];
        this.answers = Stream.generate(() -> (Map<Long, Long>) new HashMap<Long, Long>())
                .limit(QUESTIONS)
                .toList();
    }

    static boolean epochRaised(long answer) {
        return (answer & EPOCH_RAISED) != 0;
    }

    static long key(long answer) {
        return answer & ~EPOCH_RAISED;
    }

    /** A node joins at a phase, or moves to it. */
    long occupy(int[] a, int node, int phase) {
        return remembered(a, node * 5 + phase, s -> {
            Phase wanted = Phase.values()[phase];
            Situation asked = mutation == Mutation.WITHOUT_OWN_SESSIONS ? s.gone(World.name(node)) : s;
            if (!admits(Rule.occupy(asked, wanted))) {
                return null;
            }
            Participant self = s.participant(World.name(node))
                    .orElse(new Participant(World.name(node), "model", wanted, Phases.NONE, wanted));
            return effect(s, s.occupied(self, wanted), self);
        });
    }

    private Situation effect(Situation before, Situation after, Participant self) {
        return switch (mutation) {
            case WITHOUT_VOIDING ->
                new Situation(
                        after.epoch(),
                        before.sealedOld(),
                        before.sealedNew(),
                        after.guard(),
                        after.stages(),
                        after.participants());
            case WITHOUT_EPOCH ->
                new Situation(
                        before.epoch(),
                        after.sealedOld(),
                        after.sealedNew(),
                        after.guard(),
                        after.stages(),
                        after.participants());
            case FORGETS_OLDER_PHASES ->
                before.participant(self.node()).isEmpty() ? after : after.drained(self.node(), Phases.of(self.phase()));
            default -> after;
        };
    }

    private boolean admits(List<Held> held) {
        return held.stream().allMatch(this::isIgnored);
    }

    private boolean isIgnored(Held held) {
        return switch (mutation) {
            case WITHOUT_FLEET_CLAUSE -> held instanceof Held.ReadByOthers || held instanceof Held.NotWrittenByOthers;
            case WITHOUT_TRUTH_CLAUSE -> held instanceof Held.NotSealed;
            case WITHOUT_COLUMN_EXISTS -> held instanceof Held.Missing;
            case WITHOUT_OMITTABLE -> held instanceof Held.NotOmittable;
            case NEW_ONLY_WITHOUT_GUARD -> held instanceof Held.Unguarded;
            case SEAL_WITHOUT_PRECONDITION ->
                held instanceof Held.Occupied occupied && occupied.wanted().startsWith("seal");
            default -> false;
        };
    }

    long drained(int[] a, int node, int phase) {
        return remembered(
                a,
                20 + node * 5 + phase,
                s -> s.drained(
                        World.name(node),
                        s.participant(World.name(node)).orElseThrow().draining().without(Phase.values()[phase])));
    }

    long gone(int[] a, int node) {
        return remembered(a, 40 + node, s -> s.gone(World.name(node)));
    }

    long intentToApply(int[] a, Stage stage) {
        return remembered(
                a,
                50 + stage.ordinal(),
                s -> s.stages().pending(stage) && nothingUnderWay(s) && admits(Rule.apply(s, stage))
                        ? s.stage(stage, Progress.APPLYING)
                        : null);
    }

    long intentToRevert(int[] a, Stage stage) {
        return remembered(
                a,
                60 + stage.ordinal(),
                s -> s.stages().done(stage) && nothingUnderWay(s) && admits(Rule.revert(s, stage))
                        ? s.stage(stage, Progress.REVERTING)
                        : null);
    }

    private static boolean nothingUnderWay(Situation s) {
        for (Stage stage : Stage.values()) {
            if (s.stages().of(stage).underWay()) {
                return false;
            }
        }
        return true;
    }

    long recorded(int[] a, Stage stage, Progress progress) {
        return remembered(a, 70 + stage.ordinal() * 4 + progress.ordinal(), s -> s.stage(stage, progress));
    }

    long guarded(int[] a, Side filled, boolean stands) {
        return remembered(a, 100 + filled.ordinal() * 2 + (stands ? 1 : 0), s -> s.guarded(filled, stands));
    }

    long refusing(int[] a) {
        return remembered(a, 110, s -> s.refusing(true));
    }

    long recording(int[] a) {
        return remembered(a, 111, s -> s.guard().refuses() && admits(Rule.record(s)) ? s.refusing(false) : null);
    }

    long mayBeginPass(int[] a, Side side) {
        return remembered(a, 120 + side.ordinal(), s -> !s.sealed(side) && admits(Rule.seal(s, side)) ? s : null);
    }

    long proven(int[] a, Side side) {
        return remembered(a, 130 + side.ordinal(), s -> s.proven(side));
    }

    long voided(int[] a, Side side) {
        return remembered(a, 140 + side.ordinal(), s -> s.voided(side));
    }

    private long remembered(int[] a, int question, Function<Situation, @Nullable Situation> asked) {
        long key = world.controlKey(a);
        Long known = answers.get(question).get(key);
        if (known == null) {
            known = answer(a, asked);
            answers.get(question).put(key, known);
        }
        return known;
    }

    private long answer(int[] a, Function<Situation, @Nullable Situation> asked) {
        Situation after = asked.apply(world.situation(a));
        if (after == null) {
            return HELD;
        }
        System.arraycopy(a, 0, scratch, 0, world.length);
        world.setSituation(scratch, after);
        return world.controlKey(scratch) | (after.epoch() > 0 ? EPOCH_RAISED : 0);
    }
}

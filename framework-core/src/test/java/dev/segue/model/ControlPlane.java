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
import java.util.List;
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
    private final List<Answers> answers;
    private final int[] scratch;
    private int[] current = new int[0];
    private long currentKey;

    ControlPlane(World world, Mutation mutation) {
        this.world = world;
        this.mutation = mutation;
        this.scratch = new int[world.length];
        this.answers = Stream.generate(Answers::new).limit(QUESTIONS).toList();
    }

    /** Many questions are about to be asked about this state. */
    void about(int[] state) {
        current = state;
        currentKey = world.controlKey(state);
    }

    World world() {
        return world;
    }

    Mutation mutation() {
        return mutation;
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
            if (!admits(Rule.occupy(withoutIntent(asked), wanted))) {
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
                        after.kind(),
                        after.epoch(),
                        before.sealedOld(),
                        before.sealedNew(),
                        after.discards(),
                        after.guard(),
                        after.stages(),
                        after.participants());
            case WITHOUT_EPOCH ->
                new Situation(
                        after.kind(),
                        before.epoch(),
                        after.sealedOld(),
                        after.sealedNew(),
                        after.discards(),
                        after.guard(),
                        after.stages(),
                        after.participants());
            case FORGETS_OLDER_PHASES ->
                before.participant(self.node()).isEmpty() ? after : after.drained(self.node(), Phases.of(self.phase()));
            default -> after;
        };
    }

    /** The operator confirms that values which OLD cannot hold may be lost. */
    long discarding(int[] a) {
        return remembered(a, 112, s -> !s.discards() && admits(Rule.discard(s)) ? s.discarding() : null);
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
            case NEW_ONLY_WITHOUT_GUARD -> held instanceof Held.Unguarded unguarded && unguarded.side() == Side.OLD;
            case OLD_ONLY_WHILE_GUARD_REFUSES ->
                held instanceof Held.Unguarded unguarded
                        && unguarded.side() == Side.NEW
                        && unguarded.guard().refuses();
            case JAVA_GUARD_NEVER_REFUSES -> held instanceof Held.Unguarded unguarded && unguarded.side() == Side.NEW;
            case SEAL_WITHOUT_PRECONDITION -> waitsForSomebody(held, "seal");
            case CONTRACT_WHILE_SOME_NAME_OLD -> waitsForSomebody(held, Stage.CONTRACT.name());
            case UNEXPAND_WHILE_SOME_NAME_NEW -> waitsForSomebody(held, "reverting " + Stage.EXPAND);
            case CONTRACT_WITHOUT_NODE -> lacks(held, "no node is registered");
            case SEAL_FROM_UNSEALED_SIDE -> lacks(held, "is not sealed and cannot be its source");
            case NEW_ONLY_BEFORE_RELAX -> held instanceof Held.NotFree || held instanceof Held.NotOmittable;
            case DISCARD_UNASKED -> lacks(held, "nobody has confirmed that");
            case DISCARD_WHILE_SOME_SET_NEW ->
                waitsForSomebody(held, "discarding") || waitsForSomebody(held, "reverting " + Stage.RELAX);
            case DISCARD_BEFORE_RELAX_IS_REVERTED -> lacks(held, "NEW does not follow the columns");
            case RELAX_WHILE_SOME_READ_OLD -> waitsForSomebody(held, Stage.RELAX.name());
            case RELAX_WITHOUT_SEAL -> lacks(held, "NEW is not sealed");
            case UNRELAX_WHILE_SOME_OMIT_OLD -> waitsForSomebody(held, "reverting " + Stage.RELAX);
            case SEAL_WITHOUT_GUARD -> lacks(held, "the guard that keeps");
            default -> false;
        };
    }

    private static boolean waitsForSomebody(Held held, String wanted) {
        return held instanceof Held.Occupied occupied && occupied.wanted().startsWith(wanted);
    }

    private static boolean lacks(Held held, String missing) {
        return held instanceof Held.Lacks lacks && lacks.missing().contains(missing);
    }

    /** The situation as it would look if a stage under way had not said so. */
    private Situation withoutIntent(Situation s) {
        return switch (mutation) {
            case ENFORCE_WITHOUT_INTENT -> hiding(s, Stage.ENFORCE, Progress.APPLYING, Progress.PENDING);
            case CONTRACT_WITHOUT_INTENT -> hiding(s, Stage.CONTRACT, Progress.APPLYING, Progress.PENDING);
            case UNEXPAND_WITHOUT_INTENT -> hiding(s, Stage.EXPAND, Progress.REVERTING, Progress.DONE);
            default -> s;
        };
    }

    private static Situation hiding(Situation s, Stage stage, Progress intent, Progress shown) {
        return s.stages().of(stage) == intent
                ? new Situation(
                        s.kind(),
                        s.epoch(),
                        s.sealedOld(),
                        s.sealedNew(),
                        s.discards(),
                        s.guard(),
                        s.stages().with(stage, shown),
                        s.participants())
                : s;
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
                s -> s.stages().pending(stage) && admits(Rule.apply(s, stage)) ? intended(s, stage) : null);
    }

    long intentToRevert(int[] a, Stage stage) {
        return remembered(
                a,
                60 + stage.ordinal(),
                s -> s.stages().done(stage) && admits(Rule.revert(s, stage))
                        ? s.stage(stage, Progress.REVERTING)
                        : null);
    }

    private Situation intended(Situation s, Stage stage) {
        Situation next = s.stage(stage, Progress.APPLYING);
        return mutation == Mutation.RELAX_VOIDS_NOTHING && s.sealed(Side.OLD) ? next.proven(Side.OLD) : next;
    }

    long recorded(int[] a, Stage stage, Progress progress) {
        return remembered(a, 70 + stage.ordinal() * 4 + progress.ordinal(), s -> s.stage(stage, progress));
    }

    long guarded(int[] a, Side filled, boolean stands) {
        return remembered(a, 100 + filled.ordinal() * 2 + (stands ? 1 : 0), s -> s.guarded(filled, stands));
    }

    /** An operator vouches that nobody else writes. */
    long vouched(int[] a) {
        return remembered(a, 118, s -> s.guard().vouched() ? null : s.vouched());
    }

    long refuse(int[] a) {
        return remembered(
                a,
                110,
                s -> s.guard().refusal() == Progress.PENDING
                                && mutation != Mutation.JAVA_GUARD_NEVER_REFUSES
                                && admits(Rule.refuse(s))
                        ? s.refusing(Progress.APPLYING)
                        : null);
    }

    long record(int[] a) {
        return remembered(
                a,
                111,
                s -> s.guard().refusal() == Progress.DONE && admits(Rule.record(s))
                        ? s.refusing(Progress.REVERTING)
                        : null);
    }

    long refusing(int[] a, Progress progress) {
        return remembered(a, 113 + progress.ordinal(), s -> s.refusing(progress));
    }

    long mayBeginPass(int[] a, Side side) {
        return remembered(a, 120 + side.ordinal(), s -> {
            boolean unproven = !s.sealed(side) || mutation == Mutation.SEAL_FROM_UNSEALED_SIDE;
            boolean possible = side == Side.NEW || mutation != Mutation.WITHOUT_REVERSE_PASS;
            return unproven && possible && admits(Rule.seal(withoutIntent(s), side)) ? s : null;
        });
    }

    long proven(int[] a, Side side) {
        return remembered(a, 130 + side.ordinal(), s -> s.proven(side));
    }

    long voided(int[] a, Side side) {
        return remembered(a, 140 + side.ordinal(), s -> s.voided(side));
    }

    private long remembered(int[] a, int question, Function<Situation, @Nullable Situation> asked) {
        long key = a == current ? currentKey : world.controlKey(a);
        Answers known = answers.get(question);
        long answer = known.get(key);
        if (answer == Answers.UNKNOWN) {
            answer = answer(a, asked);
            known.put(key, answer);
        }
        return answer;
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

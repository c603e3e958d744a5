package dev.segue.model;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The registry, as the model sees it: what is known of a state becomes a situation, the {@link Fleet} is asked, and what
 * it has written down becomes known.
 *
 * <p>The same few situations come up in millions of states, so each answer is remembered.
 */
final class ControlPlane {

    /** The answer when nothing comes of it. */
    static final long HELD = -1;

    private static final int QUESTIONS = 120;

    private static final long EPOCH_RAISED = 1L << 62;

    private final World world;
    private final Mutation mutation;
    private final Fleet fleet;
    private final List<Answers> answers;
    private final int[] scratch;
    private int[] current = new int[0];
    private long currentKey;

    ControlPlane(World world, Mutation mutation) {
        this(world, mutation, mutation == Mutation.NONE ? new RealFleet() : new MutatedFleet(mutation));
    }

    ControlPlane(World world, Mutation mutation, Fleet fleet) {
        this.world = world;
        this.mutation = mutation;
        this.fleet = fleet;
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

    long joins(int[] a, int node, Phase phase) {
        return remembered(a, question(0, node, phase), s -> fleet.joins(s, World.name(node), phase));
    }

    long moves(int[] a, int node, Phase phase) {
        return remembered(a, question(15, node, phase), s -> fleet.moves(s, World.name(node), phase));
    }

    /** The last session in that phase has ended. */
    long drained(int[] a, int node, Phase phase) {
        return remembered(a, question(30, node, phase), s -> {
            Phases draining = s.participant(World.name(node)).orElseThrow().draining();
            return fleet.drained(s, World.name(node), draining.without(phase));
        });
    }

    private static int question(int first, int node, Phase phase) {
        return first + node * Phase.values().length + phase.ordinal();
    }

    long leaves(int[] a, int node) {
        return remembered(a, 45 + node, s -> fleet.leaves(s, World.name(node)));
    }

    long lapses(int[] a, int node) {
        return remembered(a, 50 + node, s -> fleet.lapses(s, World.name(node)));
    }

    long begins(int[] a, Stage stage, boolean apply) {
        return remembered(a, question(60, stage, apply), s -> fleet.begins(s, stage, apply));
    }

    long ends(int[] a, Stage stage, boolean apply) {
        return remembered(a, question(70, stage, apply), s -> fleet.ends(s, stage, apply));
    }

    private static int question(int first, Stage stage, boolean apply) {
        return first + stage.ordinal() * 2 + (apply ? 1 : 0);
    }

    long guardedBack(int[] a) {
        return remembered(a, 80, fleet::guardedBack);
    }

    long beginsSwitch(int[] a, boolean refuse) {
        return remembered(a, refuse ? 82 : 83, s -> fleet.beginsSwitch(s, refuse));
    }

    long endsSwitch(int[] a, boolean refuse) {
        return remembered(a, refuse ? 84 : 85, s -> fleet.endsSwitch(s, refuse));
    }

    long discards(int[] a) {
        return remembered(a, 86, fleet::discards);
    }

    long vouches(int[] a) {
        return remembered(a, 87, fleet::vouches);
    }

    long notes(int[] a, Side side) {
        return remembered(a, 90 + side.ordinal(), s -> fleet.notes(s, side));
    }

    long seals(int[] a, Side side) {
        return remembered(a, 92 + side.ordinal(), s -> fleet.seals(s, side));
    }

    long voids(int[] a, Side side) {
        return remembered(a, 94 + side.ordinal(), s -> fleet.voids(s, side));
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

package dev.segue.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every state that can be reached, breadth first, so that the counter-example it finds is a shortest one.
 * States are packed into a few longs each, kept whole (no fingerprint, so no state is mistaken for another) in chunks,
 * and found again through an open-addressing table. Of all states that differ only by renaming one is kept and counted.
 *
 * <p>A world that is too large to be searched to its end is searched from states that a smaller world has reached: the
 * smaller one is the same world in which the other nodes never come and the other rows are never inserted. So a bounded
 * search sees the whole life of a change, and not only its first steps.
 */
final class Search {

    private static final int CHUNK = 1 << 18;
    private static final int RECENT = 1 << 15;

    /** The half of a table's entry that holds a part of the hash, so that few other states are compared in vain. */
    private static final long TAG = 0xFFFFFFFFL << 32;

    /**
     * What was found.
     *
     * @param states distinct states looked at
     * @param exhausted whether these are all there are
     * @param violated what was broken, or null
     * @param trace the steps that lead there
     */
    record Result(int states, boolean exhausted, @Nullable Invariant violated, List<String> trace) {}

    private final World world;
    private final Protocol protocol;
    private final Promises promises;
    private final int limit;
    private final List<int[]> seeds = new ArrayList<>();
    private final BitSet dead = new BitSet();
    private @Nullable Invariant sought;
    private @Nullable Result result;
    private final int longs;
    private final List<long[]> chunks = new ArrayList<>();
    private final List<int[]> parents = new ArrayList<>();
    private long[] table = new long[1 << 20];
    private int count;
    private final long[] packed;
    private final long[] recent;
    private final int[] scratch;
    private @Nullable Invariant violated;
    private int violatedFrom;
    private @Nullable String lastStep;

    Search(Bounds bounds, Mutation mutation, int limit) {
        this.world = new World(bounds);
        this.protocol = new Protocol(world, mutation);
        this.promises = new Promises(world, mutation);
        this.limit = limit;
        this.longs = world.longs;
        this.packed = new long[8];
        this.recent = new long[RECENT * longs];
        Arrays.fill(recent, -1);
        this.scratch = new int[world.length];
        seeds.add(world.initial(true));
        seeds.add(world.initial(false));
    }

    /** Begins at states of a smaller world as well, taken evenly over all that it has reached. */
    Search from(Search smaller, int states) {
        int[] state = new int[smaller.world.length];
        for (int i = 1; i <= states; i++) {
            smaller.load((int) ((smaller.count - 1L) * i / states), state);
            seeds.add(world.enlarged(smaller.world, state));
        }
        return this;
    }

    /** Looks for one invariant only: a state that breaks another one is not gone on from. */
    Search seeking(Invariant invariant) {
        sought = invariant;
        return this;
    }

    /** What {@link #run} has found. */
    Result result() {
        return Objects.requireNonNull(result, "It has not run.");
    }

    int states() {
        return count;
    }

    World world() {
        return world;
    }

    Protocol protocol() {
        return protocol;
    }

    Result run() {
        for (int[] seed : seeds) {
            add(seed.clone(), -1);
        }
        int[] current = new int[world.length];
        int next = 0;
        Actor.Successors collect = new Actor.Successors() {
            @Override
            public void next(int[] state, Step step, int x, int y) {
                if (violated == null && add(state, violatedFrom)) {
                    Invariant broken = promises.broken(state);
                    if (broken != null && isSought(broken)) {
                        violated = broken;
                        violatedFrom = count - 1;
                    } else if (broken != null) {
                        dead.set(count - 1);
                    }
                }
            }

            @Override
            public void violation(Invariant invariant, Step step, int x, int y) {
                if (violated == null && isSought(invariant)) {
                    violated = invariant;
                    lastStep = step.text(x, y);
                }
            }
        };
        while (next < count && count < limit && violated == null) {
            violatedFrom = next;
            if (!dead.get(next)) {
                load(next, current);
                protocol.successors(current, collect);
            }
            next++;
        }
        result = new Result(count, next == count && violated == null, violated, violated == null ? List.of() : trace());
        return result;
    }

    private boolean isSought(Invariant invariant) {
        return sought == null || sought == invariant;
    }

    /** The number under which the state is kept, or -1. It is made canonical in place. */
    int find(int[] state) {
        world.canonicalise(state, scratch);
        world.pack(state, packed);
        return (int) table[slot(hash(packed, 0))] - 1;
    }

    void load(int id, int[] into) {
        world.unpack(chunks.get(id / CHUNK), id % CHUNK * longs, into);
    }

    /** Adds the state if it is new. It is made canonical in place. */
    private boolean add(int[] state, int parent) {
        world.canonicalise(state, scratch);
        world.pack(state, packed);
        long hash = hash(packed, 0);
        if (isRecent(hash)) {
            return false;
        }
        int slot = slot(hash);
        if (table[slot] != 0) {
            return false;
        }
        if (count % CHUNK == 0) {
            chunks.add(new long[CHUNK * longs]);
            parents.add(new int[CHUNK]);
        }
        System.arraycopy(packed, 0, chunks.get(count / CHUNK), count % CHUNK * longs, longs);
        parents.get(count / CHUNK)[count % CHUNK] = parent;
        table[slot] = (hash & TAG) | ++count;
        if (count > table.length / 5 * 3) {
            grow();
        }
        return true;
    }

    /**
     * Whether the packed state is among those seen last; from now on it is. Most states come up again soon after the
     * first time, and then the large table, which is never in the processor's cache, need not be asked.
     */
    private boolean isRecent(long hash) {
        int at = (int) (hash >>> 40) % RECENT * longs;
        if (Arrays.equals(recent, at, at + longs, packed, 0, longs)) {
            return true;
        }
        System.arraycopy(packed, 0, recent, at, longs);
        return false;
    }

    /** Where the packed state is, or the free slot where it belongs. */
    private int slot(long hash) {
        int slot = (int) hash & table.length - 1;
        while (table[slot] != 0 && !((table[slot] ^ hash) >>> 32 == 0 && holds((int) table[slot] - 1, packed))) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private boolean holds(int id, long[] state) {
        long[] chunk = chunks.get(id / CHUNK);
        int at = id % CHUNK * longs;
        for (int i = 0; i < longs; i++) {
            if (chunk[at + i] != state[i]) {
                return false;
            }
        }
        return true;
    }

    private long hash(long[] state, int at) {
        long hash = 0;
        for (int i = 0; i < longs; i++) {
            hash = (hash ^ state[at + i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        hash *= 0xD6E8FEB86659FD93L;
        return hash ^ hash >>> 32;
    }

    private void grow() {
        long[] smaller = table;
        table = new long[smaller.length * 2];
        for (long entry : smaller) {
            if (entry != 0) {
                int id = (int) entry - 1;
                int slot = (int) hash(chunks.get(id / CHUNK), id % CHUNK * longs) & table.length - 1;
                while (table[slot] != 0) {
                    slot = slot + 1 & table.length - 1;
                }
                table[slot] = entry;
            }
        }
    }

    private List<String> trace() {
        List<String> steps = stepsTo(violatedFrom);
        if (lastStep != null) {
            steps.add(lastStep);
        }
        List<String> numbered = new ArrayList<>();
        for (String step : steps) {
            numbered.add("%d. %s".formatted(numbered.size() + 1, step));
        }
        numbered.add("=> " + (violated == null ? "" : violated.text()));
        return numbered;
    }

    /**
     * The steps that lead to a state. They are taken again from the first state without renaming anything, so that a
     * node keeps its name from the first line to the last.
     */
    List<String> stepsTo(int last) {
        Deque<Integer> path = new ArrayDeque<>();
        for (int id = last; id >= 0; id = parents.get(id / CHUNK)[id % CHUNK]) {
            path.addFirst(id);
        }
        int[] state = new int[world.length];
        load(path.removeFirst(), state);
        List<String> steps = new ArrayList<>();
        if (isLater(state)) {
            steps.add("(begins with) " + world.text(state));
        }
        for (int id : path) {
            Replay replay = new Replay(id);
            protocol.successors(state, replay);
            steps.add(replay.text);
            state = replay.reached;
        }
        return steps;
    }

    private boolean isLater(int[] state) {
        return !Arrays.equals(state, world.initial(true)) && !Arrays.equals(state, world.initial(false));
    }

    /** Finds the step whose end has been kept under a number. */
    private final class Replay implements Actor.Successors {

        private final int wanted;
        private String text = "?";
        private int[] reached = new int[world.length];

        Replay(int wanted) {
            this.wanted = wanted;
        }

        @Override
        public void next(int[] state, Step step, int x, int y) {
            if (find(state.clone()) == wanted) {
                text = step.text(x, y);
                reached = state;
            }
        }

        @Override
        public void violation(Invariant invariant, Step step, int x, int y) {
            // The last step of a trace is kept apart.
        }
    }
}

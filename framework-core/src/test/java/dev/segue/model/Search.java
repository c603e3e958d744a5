package dev.segue.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every state that can be reached, breadth first, so that the counter-example it finds is a shortest one.
 * States are packed into a few longs each, kept in chunks, and found again through an open-addressing table.
 */
final class Search {

    private static final int CHUNK = 1 << 18;

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
    private final int limit;
    private final int longs;
    private final List<long[]> chunks = new ArrayList<>();
    private final List<int[]> parents = new ArrayList<>();
    private int[] table = new int[1 << 20];
    private int count;
    private final long[] packed;
    private final int[] scratch;
    private @Nullable Invariant violated;
    private int violatedFrom;
    private @Nullable String lastStep;

    Search(Bounds bounds, Mutation mutation, int limit) {
        this.world = new World(bounds);
        this.protocol = new Protocol(world, mutation);
        this.limit = limit;
        this.longs = world.longs;
        this.packed = new long[8];
        this.scratch = new int[world.length];
    }

    Result run() {
        for (int[] initial : List.of(world.initial(true), world.initial(false))) {
            add(initial, -1);
        }
        int[] current = new int[world.length];
        int next = 0;
        Protocol.Successors collect = new Protocol.Successors() {
            @Override
            public void next(int[] state, Step step, int x, int y) {
                if (violated == null && add(state, violatedFrom)) {
                    Invariant broken = protocol.broken(state);
                    if (broken != null) {
                        violated = broken;
                        violatedFrom = count - 1;
                    }
                }
            }

            @Override
            public void violation(Invariant invariant, Step step, int x, int y) {
                if (violated == null) {
                    violated = invariant;
                    lastStep = step.text(x, y);
                }
            }
        };
        while (next < count && count < limit && violated == null) {
            violatedFrom = next;
            load(next++, current);
            protocol.successors(current, collect);
        }
        return new Result(count, next == count, violated, violated == null ? List.of() : trace());
    }

    private void load(int id, int[] into) {
        world.unpack(chunks.get(id / CHUNK), id % CHUNK * longs, into);
    }

    /** Adds the state if it is new. It is made canonical in place. */
    private boolean add(int[] state, int parent) {
        world.canonicalise(state, scratch);
        world.pack(state, packed);
        int slot = slot(packed, 0, table.length - 1);
        while (table[slot] != 0) {
            if (holds(table[slot] - 1, packed)) {
                return false;
            }
            slot = slot + 1 & table.length - 1;
        }
        if (count % CHUNK == 0) {
            chunks.add(new long[CHUNK * longs]);
            parents.add(new int[CHUNK]);
        }
        System.arraycopy(packed, 0, chunks.get(count / CHUNK), count % CHUNK * longs, longs);
        parents.get(count / CHUNK)[count % CHUNK] = parent;
        table[slot] = ++count;
        if (count > table.length / 5 * 3) {
            grow();
        }
        return true;
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

    private int slot(long[] state, int at, int mask) {
        long hash = 0;
        for (int i = 0; i < longs; i++) {
            hash = (hash ^ state[at + i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash ^ hash >>> 32) & mask;
    }

    private void grow() {
        int[] larger = new int[table.length * 2];
        for (int id = 0; id < count; id++) {
            int slot = slot(chunks.get(id / CHUNK), id % CHUNK * longs, larger.length - 1);
            while (larger[slot] != 0) {
                slot = slot + 1 & larger.length - 1;
            }
            larger[slot] = id + 1;
        }
        table = larger;
    }

    private List<String> trace() {
        Deque<Integer> path = new ArrayDeque<>();
        for (int id = violatedFrom; id >= 0; id = parents.get(id / CHUNK)[id % CHUNK]) {
            path.addFirst(id);
        }
        List<String> steps = new ArrayList<>();
        Integer from = path.pollFirst();
        while (from != null && !path.isEmpty()) {
            int to = path.pollFirst();
            steps.add("%d. %s".formatted(steps.size() + 1, step(from, to)));
            from = to;
        }
        if (lastStep != null) {
            steps.add("%d. %s".formatted(steps.size() + 1, lastStep));
        }
        steps.add("=> " + (violated == null ? "" : violated.text()));
        return steps;
    }

    /** The step between two states, found by taking every step again. Nodes are named as they stand in the first. */
    private String step(int from, int to) {
        int[] current = new int[world.length];
        load(from, current);
        int[] wanted = new int[world.length];
        load(to, wanted);
        String[] found = {"?"};
        protocol.successors(current, new Protocol.Successors() {
            @Override
            public void next(int[] state, Step step, int x, int y) {
                int[] canonical = state.clone();
                world.canonicalise(canonical, scratch);
                if (Arrays.equals(canonical, wanted)) {
                    found[0] = step.text(x, y);
                }
            }

            @Override
            public void violation(Invariant invariant, Step step, int x, int y) {
                // The last step of a trace is kept apart.
            }
        });
        return found[0];
    }
}

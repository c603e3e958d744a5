package dev.segue.model;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Whether an end can still be reached from every state of a search that has run to its end. Follows all steps
 * backwards from the states that are such an end.
 */
final class Reachability {

    private final Search search;
    private final int[] incoming;
    private final int[] sources;

    Reachability(Search search) {
        this.search = search;
        Steps steps = new Steps(search);
        int[] current = new int[search.world().length];
        for (int id = 0; id < search.states(); id++) {
            steps.from = id;
            search.load(id, current);
            search.protocol().successors(current, steps);
        }
        incoming = new int[search.states() + 1];
        for (int e = 0; e < steps.count; e++) {
            incoming[steps.ends[2 * e + 1] + 1]++;
        }
        for (int id = 0; id < search.states(); id++) {
            incoming[id + 1] += incoming[id];
        }
        sources = new int[steps.count];
        int[] filled = incoming.clone();
        for (int e = 0; e < steps.count; e++) {
            sources[filled[steps.ends[2 * e + 1]]++] = steps.ends[2 * e];
        }
    }

    /** The first of the concerned states from which no such end can be reached, or -1. */
    int stuck(Predicate<int[]> concerned, Predicate<int[]> end) {
        int states = search.states();
        boolean[] reaches = new boolean[states];
        int[] queue = new int[states];
        int last = 0;
        int[] current = new int[search.world().length];
        for (int id = 0; id < states; id++) {
            search.load(id, current);
            if (end.test(current)) {
                reaches[id] = true;
                queue[last++] = id;
            }
        }
        for (int next = 0; next < last; next++) {
            for (int e = incoming[queue[next]]; e < incoming[queue[next] + 1]; e++) {
                if (!reaches[sources[e]]) {
                    reaches[sources[e]] = true;
                    queue[last++] = sources[e];
                }
            }
        }
        for (int id = 0; id < states; id++) {
            search.load(id, current);
            if (!reaches[id] && concerned.test(current)) {
                return id;
            }
        }
        return -1;
    }

    private static final class Steps implements Actor.Successors {

        private final Search search;
        private int[] ends = new int[1 << 20];
        private int count;
        private int from;

        Steps(Search search) {
            this.search = search;
        }

        @Override
        public void next(int[] state, Step step, int x, int y) {
            if (2 * count == ends.length) {
                ends = Arrays.copyOf(ends, ends.length * 2);
            }
            ends[2 * count] = from;
            ends[2 * count++ + 1] = search.find(state);
        }

        @Override
        public void violation(Invariant invariant, Step step, int x, int y) {
            throw new IllegalStateException("The search has found no violation.");
        }
    }
}

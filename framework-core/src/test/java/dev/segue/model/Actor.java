package dev.segue.model;

import static dev.segue.model.World.*;

import org.jspecify.annotations.Nullable;

/** Somebody in the model who can take a step. The actors share nothing but the state of the world. */
abstract class Actor {

    /** Takes a state that can come next. */
    interface Successors {
        void next(int[] state, Step step, int x, int y);

        void violation(Invariant invariant, Step step, int x, int y);
    }

    final World world;
    final Bounds bounds;
    final Mutation mutation;
    final ControlPlane control;

    /** The state from which the next step is taken; never changed in place. */
    int[] a = new int[0];

    private Successors out = new Nobody();

    Actor(ControlPlane control) {
        this.control = control;
        this.world = control.world();
        this.bounds = world.bounds;
        this.mutation = control.mutation();
    }

    /** Gives every state that a step of this actor leads to. */
    final void stepsFrom(int[] state, Successors successors) {
        a = state;
        out = successors;
        steps();
    }

    abstract void steps();

    // ---- what the registry is asked

    /** The state that an answer leads to, or null. */
    int @Nullable [] after(long answer) {
        if (answer == ControlPlane.HELD) {
            return null;
        }
        int[] c = a.clone();
        world.setControl(c, ControlPlane.key(answer));
        if (ControlPlane.epochRaised(answer)) {
            c[world.pass + PASS_VALID] = 0;
        }
        return c;
    }

    void emit(int @Nullable [] state, Step step, int x, int y) {
        if (state != null) {
            out.next(state, step, x, y);
        }
    }

    /** A step that must never be taken has been. */
    final void fails(Invariant invariant, Step step, int x, int y) {
        out.violation(invariant, step, x, y);
    }

    // ---- locks, as the database holds them

    /** Whether a transaction that has written is still open. */
    boolean inFlight() {
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            if (holdsRow(a, t)) {
                return true;
            }
        }
        return false;
    }

    boolean isLocked(int r) {
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            if (holdsRow(a, t) && a[t + ROW] == r) {
                return true;
            }
        }
        return false;
    }

    // ---- what ends a pass or a transaction

    void endPass(int[] c) {
        for (int i = 0; i < PASS_FIELDS; i++) {
            c[world.pass + i] = 0;
        }
        for (int t = world.legacy; t < world.length; t = world.next(t)) {
            c[t + BEFORE_BARRIER] = 0;
        }
    }

    int[] ended(int t) {
        int[] c = a.clone();
        clear(c, t);
        return c;
    }

    static void clear(int[] c, int t) {
        for (int i = 0; i < TX_FIELDS; i++) {
            c[t + i] = 0;
        }
    }

    // ---- what a node knows

    boolean registered(int n) {
        return a[world.node(n) + REGISTERED] == 1;
    }

    int leaseOf(int n) {
        return a[world.local(n) + LEASE];
    }

    private static final class Nobody implements Successors {
        @Override
        public void next(int[] state, Step step, int x, int y) {
            throw new IllegalStateException("No search is running.");
        }

        @Override
        public void violation(Invariant invariant, Step step, int x, int y) {
            throw new IllegalStateException("No search is running.");
        }
    }
}

package dev.segue.lifecycle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where a node goes: the highest legal phase that is not above the request, and only if there is none, the lowest legal
 * one above it.
 *
 * <p>On the way up two steps keep their order although the rule alone would let them go: reading NEW, also in the
 * shadow, waits for {@code ENFORCE} (its indexes would be missing), and serving NEW waits until it has been compared
 * for a while. That is an order and no danger: a node that finds nothing else, because it comes while the others are on
 * their way back, takes what the rule allows.
 */
public final class Walk {

    /**
     * The answer of a walk.
     *
     * @param phase where the node should be, or null if no phase is legal
     * @param held what keeps it from the request; empty if it is there
     */
    public record Step(@Nullable Phase phase, List<Held> held) {

        public Step {
            held = List.copyOf(held);
        }
    }

    private Walk() {}

    /**
     * @param current the node's phase, or null if it is about to join
     * @param requested where it is told to go
     * @param shadowServed whether shadow reads have run for as long as they should since NEW was sealed
     */
    public static Step next(Situation s, @Nullable Phase current, Phase requested, boolean shadowServed) {
        Phase phase = best(requested, wanted -> isOpen(s, current, wanted, shadowServed))
                .or(() -> best(requested, wanted -> Rule.occupy(s, wanted).isEmpty()))
                .orElse(null);
        return new Step(phase, phase == requested ? List.of() : held(s, phase, requested, shadowServed));
    }

    private static Optional<Phase> best(Phase requested, Predicate<Phase> isOpen) {
        return Arrays.stream(Phase.values())
                .filter(phase -> !phase.isAbove(requested))
                .filter(isOpen)
                .reduce((lower, higher) -> higher)
                .or(() -> Arrays.stream(Phase.values())
                        .filter(phase -> phase.isAbove(requested))
                        .filter(isOpen)
                        .findFirst());
    }

    private static boolean isOpen(Situation s, @Nullable Phase current, Phase phase, boolean shadowServed) {
        if (phase == current) {
            return true;
        }
        boolean up = current == null || phase.isAbove(current);
        return (!up || tooEarly(s, phase, shadowServed).isEmpty())
                && Rule.occupy(s, phase).isEmpty();
    }

    private static List<Held> tooEarly(Situation s, Phase phase, boolean shadowServed) {
        if (s.stages().done(Stage.CONTRACT)) {
            return List.of();
        }
        List<Held> held = new ArrayList<>();
        if (phase.isAbove(Phase.DUAL_WRITE) && s.awaits(Stage.ENFORCE)) {
            held.add(new Held.TooEarly(phase.id(), "ENFORCE"));
        }
        if (phase.isAbove(Phase.SHADOW_READ) && s.kind().has(Phase.SHADOW_READ) && !shadowServed) {
            held.add(new Held.TooEarly(phase.id(), "the time that shadow-read is to last (shadow-for)"));
        }
        return held;
    }

    /** What holds the next step and the request itself, each followed down to the fact behind it. */
    private static List<Held> held(Situation s, @Nullable Phase phase, Phase requested, boolean shadowServed) {
        Set<Held> held = new LinkedHashSet<>();
        boolean up = phase == null || requested.isAbove(phase);
        for (Phase wanted : List.of(nextStep(s, phase, requested), requested)) {
            if (up) {
                held.addAll(tooEarly(s, wanted, shadowServed));
            }
            held.addAll(Rule.occupy(s, wanted));
        }
        for (Held fact : List.copyOf(held)) {
            if (fact instanceof Held.TooEarly && s.awaits(Stage.ENFORCE)) {
                held.addAll(Rule.apply(s, Stage.ENFORCE));
            }
            if (fact instanceof Held.NotSealed unsealed) {
                held.addAll(Rule.seal(s, unsealed.side()));
            }
        }
        return List.copyOf(held);
    }

    /** The first phase of this kind of change on the way to the request. */
    private static Phase nextStep(Situation s, @Nullable Phase phase, Phase requested) {
        if (phase == null) {
            return requested;
        }
        int step = requested.isAbove(phase) ? 1 : -1;
        for (int i = phase.ordinal() + step; i != requested.ordinal(); i += step) {
            if (s.kind().has(Phase.values()[i])) {
                return Phase.values()[i];
            }
        }
        return requested;
    }
}

package dev.segue.lifecycle;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** A set of phases, as a value. */
public record Phases(int bits) {

    public static final Phases NONE = new Phases(0);

    public static Phases of(Phase... phases) {
        return Arrays.stream(phases).reduce(NONE, Phases::with, (a, b) -> new Phases(a.bits | b.bits));
    }

    public Phases with(Phase phase) {
        return new Phases(bits | 1 << phase.ordinal());
    }

    public Phases without(Phase phase) {
        return new Phases(bits & ~(1 << phase.ordinal()));
    }

    public boolean contains(Phase phase) {
        return (bits & 1 << phase.ordinal()) != 0;
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    public boolean allMatch(Predicate<Phase> condition) {
        return asList().stream().allMatch(condition);
    }

    /** In the order of the way up. */
    public List<Phase> asList() {
        return Arrays.stream(Phase.values()).filter(this::contains).toList();
    }
}

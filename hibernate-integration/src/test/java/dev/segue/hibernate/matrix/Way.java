package dev.segue.hibernate.matrix;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One way to read or to write, in a transaction that is rolled back when its rows have been looked at.
 *
 * @param idle whether it leaves everything as it was
 * @param applies whether it makes sense for the shape
 */
record Way(String name, boolean stateless, boolean writes, boolean idle, Predicate<Shape> applies, Act act) {

    /** What is done. */
    interface Act {
        /** @return what the application would see */
        @Nullable
        Object on(Run run);
    }

    static Way reads(String name, Act act) {
        return new Way(name, false, false, true, shape -> true, act);
    }

    static Way writes(String name, Act act) {
        return new Way(name, false, true, false, shape -> true, act);
    }

    static Way writesStateless(String name, Act act) {
        return new Way(name, true, true, false, shape -> true, act);
    }

    Way idly() {
        return new Way(name, stateless, writes, true, applies, act);
    }

    Way where(Predicate<Shape> more) {
        return new Way(name, stateless, writes, idle, applies.and(more), act);
    }

    Way of(Values.Trait trait) {
        return where(shape -> shape.values().is(trait));
    }

    Way of(Shape.Trait trait) {
        return where(shape -> shape.is(trait));
    }

    /** With so many values that can be said in HQL. */
    Way withLiterals() {
        return where(shape -> !shape.values().literals().isEmpty());
    }

    @Override
    public String toString() {
        return name;
    }
}

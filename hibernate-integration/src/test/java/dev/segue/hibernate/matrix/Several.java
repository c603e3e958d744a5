package dev.segue.hibernate.matrix;

import java.util.Set;

/**
 * A kind of change that is not one column for another. In every build it is tried on a few shapes that stand for the
 * others; {@code -Dsegue.matrix.all=true} tries it on all.
 */
abstract class Several extends Kind {

    static final boolean ALL = Boolean.getBoolean("segue.matrix.all");

    private static final Set<String> FEW = Set.of(
            "superclass of one",
            "single table",
            "joined leaf",
            "embedded",
            "generated key",
            "dynamic update",
            "set by a callback",
            "text");

    @Override
    boolean walks(Shape shape) {
        return ALL || FEW.contains(shape.name()) || shape.values().type() == Digits.class;
    }
}

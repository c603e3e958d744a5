package dev.segue.hibernate.matrix;

import java.util.Set;

/**
 * A kind of change that is not one column for another. It is tried on a few shapes that stand for the others, and on those
 * with an attribute of several columns.
 */
abstract class Several extends Kind {

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
        return FEW.contains(shape.name()) || shape.values().type() == Digits.class;
    }
}

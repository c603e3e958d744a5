package dev.segue.hibernate.matrix;

import java.util.Set;

/** A kind of change that is not one column for another. Every day it is tried on a few shapes that stand for the others. */
abstract class Several extends Kind {

    private static final Set<String> FEW = Set.of(
            "superclass of one",
            "single table",
            "embedded",
            "generated key",
            "dynamic update",
            "set by a callback",
            "text",
            "group",
            "group in a single table",
            "group, dynamic update",
            "group, set by a callback");

    @Override
    boolean isDaily(Shape shape) {
        return FEW.contains(shape.name());
    }
}

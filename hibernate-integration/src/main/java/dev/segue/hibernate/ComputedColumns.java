package dev.segue.hibernate;

import dev.segue.lifecycle.Side;
import java.util.List;

/**
 * A new attribute with its columns as statements name them.
 *
 * @param sources the columns of its sources
 */
record ComputedColumns(IntroducedAttribute attribute, String column, List<String> sources) {

    boolean isWritten() {
        return attribute.phase().writes(Side.NEW);
    }

    /** @param reason a clause */
    StatementRefusedException refused(String reason) {
        InitialValue initial = attribute.initial();
        return new StatementRefusedException("The statement on " + initial.attribute()
                + " is refused while the attribute is introduced by change '" + initial.change() + "': in "
                + attribute.phase().id() + " " + reason
                + ". Load and change the entities, or wait until new-only.");
    }
}

package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An attribute whose old value may not survive its conversion. */
interface Provable {

    /** The names that lead to it from the entity. */
    List<String> path();

    Phase phase();

    /** The entity and the attribute, as a message names them. */
    String attribute();

    String change();

    /** The class of the conversion. */
    String conversionName();

    /** Whether they are equal by the attribute's type. */
    boolean same(@Nullable Object left, @Nullable Object right);
}

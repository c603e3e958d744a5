package dev.segue.lifecycle;

import java.util.Locale;

/** What a change does to its attribute. All in which the three kinds differ from each other is asked of this type. */
public enum Kind {
    /** New columns take over from old ones: rename, retype, re-encode, split, merge. */
    REPLACE,
    /**
     * A new column without a predecessor. OLD is a function of columns that stay, its sources. Until {@code RELAX} the
     * attribute is that function; from then on it can be set freely, and OLD is not its value any more.
     */
    INTRODUCE,
    /** A column without a successor: there are no new columns, and nobody cares for the value any more. */
    RETIRE;

    public boolean has(Stage stage) {
        return this != RETIRE || stage == Stage.RELAX || stage == Stage.CONTRACT;
    }

    public boolean has(Phase phase) {
        return this != RETIRE || !phase.writesBoth();
    }

    /** Whether both sides hold the same value, so that one can be proven by the other. */
    public boolean comparesSides() {
        return this != RETIRE;
    }

    /** Whether OLD can be written from NEW: by a pass, and by a guard. */
    public boolean convertsBack() {
        return this == REPLACE;
    }

    /** The side that a pass writes so that the given one can be sealed: where OLD cannot be written, NEW is brought back to it. */
    public Side repaired(Side sealed) {
        return convertsBack() ? sealed : Side.NEW;
    }

    /** Whether NEW can be given values that OLD cannot hold, so that the way back discards them. */
    public boolean setsFreely() {
        return this == INTRODUCE;
    }

    /** The name in the registry and in JSON. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}

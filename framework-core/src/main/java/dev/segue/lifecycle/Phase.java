package dev.segue.lifecycle;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What one node's code does with the two sides: which it reads and which it writes, nothing more. The order is the way
 * up.
 */
public enum Phase {
    /** Never names a new column: it may not exist yet. */
    OLD_ONLY(Side.OLD, true, false),
    DUAL_WRITE(Side.OLD, true, true),
    /** Reads the new columns as well, compares and counts, and serves the old ones. */
    SHADOW_READ(Side.OLD, true, true),
    READ_NEW(Side.NEW, true, true),
    /** Never names an old column: it may be gone. */
    NEW_ONLY(Side.NEW, false, true);

    private final Side reads;
    private final boolean writesOld;
    private final boolean writesNew;

    Phase(Side reads, boolean writesOld, boolean writesNew) {
        this.reads = reads;
        this.writesOld = writesOld;
        this.writesNew = writesNew;
    }

    public Side reads() {
        return reads;
    }

    public boolean writes(Side side) {
        return side == Side.OLD ? writesOld : writesNew;
    }

    public boolean writesBoth() {
        return writesOld && writesNew;
    }

    /** Whether statements of this phase name columns of the side. */
    public boolean names(Side side) {
        return reads == side || writes(side);
    }

    public boolean isAbove(Phase other) {
        return compareTo(other) > 0;
    }

    /** The name in configuration and JSON: {@code old-only}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The phase of that name in configuration, if there is one. */
    public static Optional<Phase> of(String id) {
        return Arrays.stream(values()).filter(phase -> phase.id().equals(id)).findFirst();
    }
}

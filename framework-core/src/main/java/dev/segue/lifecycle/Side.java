package dev.segue.lifecycle;

/** The columns before the change, or the columns after it. */
public enum Side {
    OLD,
    NEW;

    public Side other() {
        return this == OLD ? NEW : OLD;
    }
}

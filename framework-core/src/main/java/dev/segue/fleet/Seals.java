package dev.segue.fleet;

import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Begin and end of the proof that a side holds the current value in every row: {@link #begin} notes what the proof is
 * for; then come the barrier and a full pass; {@link #verdict} records it, if it still is for the same thing.
 *
 * <p>Thread-safe.
 *
 * @param <L> what the store gives under its lock
 */
public final class Seals<L extends LockedChange> {

    private final ChangeStore<L> store;

    /** Asks whether the pass has seen every row and left none. */
    @FunctionalInterface
    public interface Completeness<L> {
        boolean check(L locked) throws SQLException;
    }

    public Seals(ChangeStore<L> store) {
        this.store = store;
    }

    /** The change as it is before the barrier, its epoch with it; empty if no pass may begin now. */
    public Optional<Situation> begin(String change, Side side) throws SQLException {
        Situation s = store.situation(change);
        return s.sealed(side) || !Rule.seal(s, side).isEmpty() ? Optional.empty() : Optional.of(s);
    }

    /**
     * Seals the side, if the epoch is still the noted one and the pass is complete.
     *
     * @param epoch as noted before the barrier
     * @return whether it has been sealed now
     */
    public boolean verdict(String change, Side side, long epoch, Completeness<? super L> complete) throws SQLException {
        return store.underLock(change, locked -> {
            Situation s = locked.situation();
            boolean proven =
                    s.epoch() == epoch && !s.sealed(side) && Rule.seal(s, side).isEmpty() && complete.check(locked);
            if (proven) {
                locked.save(s.proven(side));
                locked.journal("sealed", null, side.name(), "every row has been seen in epoch " + epoch);
            }
            return proven;
        });
    }
}

package dev.segue.fleet;

import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Rule;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator tells the whole fleet, through any node. Thread-safe. */
public final class Operator {

    private final ChangeStore<?> store;

    public Operator(ChangeStore<?> store) {
        this.store = store;
    }

    /**
     * Tells the whole fleet where to go. An operator's request is stronger than any configuration.
     *
     * @param phase where to go, or null to take the request back
     * @param operator who says so
     */
    public void request(String change, @Nullable Phase phase, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.request(phase, false, operator);
            locked.journal("request", null, phase == null ? null : phase.id(), "by " + operator);
            return locked.situation();
        });
    }

    /**
     * Ends a change before its time: the fleet goes back to {@code old-only}, and then the new columns are dropped, as far
     * as the rule allows. Any later request takes this back.
     */
    public void abandon(String change, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.request(Phase.OLD_ONLY, true, operator);
            locked.journal("abandon", null, Phase.OLD_ONLY.id(), "by " + operator);
            return locked.situation();
        });
    }

    /**
     * Confirms that the way back discards the values that were set in NEW and that OLD cannot hold.
     *
     * @return what stands in the way; empty if it has been written down
     */
    public List<Held> discard(String change, String operator) throws SQLException {
        return store.underLock(change, locked -> {
            List<Held> held = Rule.discard(locked.situation());
            if (held.isEmpty()) {
                locked.save(locked.situation().discarding());
                locked.journal("discard", null, null, "by " + operator);
            }
            return held;
        });
    }

    /**
     * Vouches that nobody outside the fleet writes the tables of a change: neither an application that does not know it nor a
     * script. From then on nothing waits for a guard any more; one that stands stays.
     */
    public void vouch(String change, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.save(locked.situation().vouched());
            locked.journal("vouch", null, null, "nobody else writes, says " + operator);
            return locked.situation();
        });
    }

    /** Permits the drop of the old columns, once all its conditions hold. */
    public void allowContract(String change, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.allowContract();
            locked.journal("allow-contract", null, null, "by " + operator);
            return locked.situation();
        });
    }
}

package dev.segue.fleet;

import dev.segue.lifecycle.Phase;
import java.sql.SQLException;
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

    /** Permits the drop of the old columns, once all its conditions hold. */
    public void allowContract(String change, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.allowContract();
            locked.journal("allow-contract", null, null, "by " + operator);
            return locked.situation();
        });
    }
}

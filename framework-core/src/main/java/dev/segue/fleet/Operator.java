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
            locked.request(phase, operator);
            locked.journal("request", null, phase == null ? null : phase.id(), "by " + operator);
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

package dev.segue.fleet;

import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Rule;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator tells the whole fleet, through any node. Thread-safe. */
public final class Operator {

    private static final int LONGEST_REASON = 1_000;

    private final ChangeStore<?> store;

    public Operator(ChangeStore<?> store) {
        this.store = store;
    }

    /**
     * Tells the whole fleet where to go. An operator's request is stronger than any other, and takes an abandonment back.
     *
     * @param operator who says so
     * @param why the reason, or null
     * @throws IllegalArgumentException if the reason is longer than {@value #LONGEST_REASON} characters
     */
    public void request(String change, Phase phase, String operator, @Nullable String why) throws SQLException {
        check(why);
        store.underLock(change, locked -> {
            locked.request(Source.OPERATOR, phase, operator, why);
            locked.abandon(false);
            return locked.situation();
        });
    }

    /**
     * Takes back everything that the whole fleet is told, the operator's word and the watch's, and an abandonment: from
     * then on each node does what its flag or its configuration says.
     *
     * @return what has been taken back, strongest first
     */
    public List<Request> clearRequests(String change, String operator) throws SQLException {
        return store.underLock(change, locked -> {
            List<Request> cleared = new ArrayList<>();
            for (Source source : List.of(Source.OPERATOR, Source.WATCH)) {
                locked.request(source).ifPresent(cleared::add);
                locked.clear(source, operator);
            }
            locked.abandon(false);
            return cleared;
        });
    }

    /**
     * Ends a change before its time: the fleet goes back to {@code old-only}, and then the new columns are dropped, as far
     * as the rule allows. Any later request takes this back.
     *
     * @param why the reason, or null
     * @throws IllegalArgumentException if the reason is longer than {@value #LONGEST_REASON} characters
     */
    public void abandon(String change, String operator, @Nullable String why) throws SQLException {
        check(why);
        store.underLock(change, locked -> {
            locked.request(Source.OPERATOR, Phase.OLD_ONLY, operator, why);
            locked.abandon(true);
            locked.journal("abandon", null, Phase.OLD_ONLY.id(), "by " + operator);
            return locked.situation();
        });
    }

    private static void check(@Nullable String why) {
        if (why != null && why.length() > LONGEST_REASON) {
            throw new IllegalArgumentException(
                    "A reason has at most %d characters, and this one has %d.".formatted(LONGEST_REASON, why.length()));
        }
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

    /** Lets the work on the rows rest: passes and comparisons, on all nodes, from their next batch on. */
    public void pause(String change, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.pause(operator);
            locked.journal("pause", null, null, "by " + operator);
            return locked.situation();
        });
    }

    /** Lets it go on where it was. */
    public void resume(String change, String operator) throws SQLException {
        store.underLock(change, locked -> {
            locked.pause(null);
            locked.journal("resume", null, null, "by " + operator);
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

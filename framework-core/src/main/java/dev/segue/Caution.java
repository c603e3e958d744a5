package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks after something that no rule of moves can know, and keeps a node or the fleet from steps that would be wrong
 * because of it: rows that differ, replicas that are behind, statements that others run. Each says what would lift it; what
 * an operator may waive has a key in its remedy.
 *
 * <p>For the thread of the conductor. An empty list is a yes.
 */
interface Caution {

    /** Looks again, once in each round, if it is time. */
    default void look(ColumnChange change, ChangeRecord record) throws SQLException {}

    /**
     * What keeps a node from a phase.
     *
     * @param from where it is; null if it is about to join, and then the answer may take a while
     * @param to where it is about to go; where it is, if it is about to stay
     */
    default List<Held> beforePhase(ColumnChange change, ChangeRecord record, @Nullable Phase from, Phase to)
            throws SQLException {
        return List.of();
    }

    /** What keeps the fleet from a piece of work. */
    default List<Held> beforeWork(ChangeRecord record, Work work) {
        return List.of();
    }

    /** What keeps the fleet from dropping the old columns, asked as soon as everybody occupies nothing but {@code new-only}. */
    default List<Held> beforeDrop(ChangeRecord record) throws SQLException {
        return List.of();
    }

    /** Somebody has waived something. */
    default void waived(String change) throws SQLException {}
}

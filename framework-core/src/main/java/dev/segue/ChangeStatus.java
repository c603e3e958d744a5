package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import java.util.List;

/**
 * Where one change is, as this node sees it.
 *
 * @param change what changes
 * @param record what the registry knows: seals, stages, guard, nodes
 * @param phase where this node is
 * @param requested where it is told to go
 * @param requestedBy who says so: {@code configuration} or {@code operator}
 * @param held what keeps the change from going on; empty if it is where it should be
 * @param pass the pass under way or the last one
 */
public record ChangeStatus(
        ColumnChange change,
        ChangeRecord record,
        Phase phase,
        Phase requested,
        String requestedBy,
        List<Held> held,
        PassStatus pass) {

    public ChangeStatus {
        held = List.copyOf(held);
    }
}

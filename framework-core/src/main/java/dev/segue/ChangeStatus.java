package dev.segue;

import dev.segue.backfill.VerificationStatus;
import dev.segue.change.ColumnChange;
import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Requests;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.watch.QueryPlan;
import dev.segue.watch.Sighting;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where one change is, as this node sees it.
 *
 * @param change what changes
 * @param record what the registry knows: seals, stages, guard, nodes
 * @param phase where this node is
 * @param requests where it is told to go, by whom, and whose word that overrides
 * @param held what keeps the change from going on; empty if it is where it should be
 * @param pass the pass under way or the last one
 * @param drift where scripts on the class path differ from what Segue would do, each in one line
 * @param comparison of the two sides, under way or the last one; empty if there has been none
 * @param sightings the statements that were seen to name an old column although it is to go, the latest first
 * @param plans what becomes of the statements that find or sort rows by old columns when nodes read the new ones, the most
 *     frequent first; empty as long as the new columns have no indexes
 */
public record ChangeStatus(
        ColumnChange change,
        ChangeRecord record,
        Phase phase,
        Requests requests,
        List<Held> held,
        PassStatus pass,
        List<String> drift,
        Optional<VerificationStatus> comparison,
        List<Sighting> sightings,
        List<QueryPlan> plans) {

    public ChangeStatus {
        held = List.copyOf(held);
        drift = List.copyOf(drift);
        sightings = List.copyOf(sightings);
        plans = List.copyOf(plans);
    }

    /** When such a statement was last seen, waived or not. */
    public Optional<Instant> oldColumnLastSeen() {
        return sightings.stream().map(Sighting::lastSeen).max(Comparator.naturalOrder());
    }

    /** Where it is told to go. */
    public Phase requested() {
        return requests.strongest().phase();
    }

    /** Who says so: {@code operator}, {@code watch}, {@code flag} or {@code configuration}. */
    public String requestedBy() {
        return requests.strongest().source().id();
    }
}

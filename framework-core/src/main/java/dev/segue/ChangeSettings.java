package dev.segue;

import dev.segue.backfill.Pace;
import dev.segue.lifecycle.Phase;
import dev.segue.watch.Limits;
import java.time.Duration;
import java.util.Optional;

/**
 * What the configuration says of one change ({@code segue.changes.<id>}).
 *
 * @param phase where this deploy may go
 * @param contract whether the old columns may be dropped, once all conditions hold
 * @param contractAfter for how long every node must have occupied nothing but {@code new-only} before the drop
 * @param shadowFor how long to compare in {@code shadow-read} on the way up
 * @param guarded whether a trigger catches the writes of those who are not registered; false if the operator vouches
 *     that there are none
 * @param pace how hard a worker of the backfill, or of a comparison, may push
 * @param watch how much worse the work of a node may be after a switch before it tells the fleet to go back; empty if nobody
 *     minds
 */
public record ChangeSettings(
        Phase phase,
        boolean contract,
        Duration contractAfter,
        Duration shadowFor,
        boolean guarded,
        Pace pace,
        Optional<Limits> watch) {

    /** A change that the configuration does not name. */
    public static final ChangeSettings DEFAULT =
            new ChangeSettings(Phase.OLD_ONLY, false, Duration.ofHours(24), Duration.ofMinutes(1), true, Pace.DEFAULT);

    /** Nobody minds how the work of a node is after a switch. */
    public ChangeSettings(
            Phase phase, boolean contract, Duration contractAfter, Duration shadowFor, boolean guarded, Pace pace) {
        this(phase, contract, contractAfter, shadowFor, guarded, pace, Optional.empty());
    }
}

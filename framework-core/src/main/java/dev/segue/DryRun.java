package dev.segue;

import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Stage;
import java.time.Duration;
import java.util.Optional;

/**
 * The dry run of the drop: for the hold time the old columns are hidden from those who do not name them, which is who the
 * statement watch cannot see. No node of the fleet names them by then, and one that does may: so it concerns neither the
 * rule nor the way back.
 *
 * <p>Whatever a node died over, the next round of another one sees what is wanted and how far it is.
 *
 * @param hold for how long it takes; zero: there is none
 */
record DryRun(ChangeRecord record, Duration hold) {

    /** Whether the columns may still be dropped by themselves, but for time. */
    private boolean isWanted() {
        return !hold.isZero()
                && record.heldFor() != null
                && record.permitsDrop()
                && !record.abandoned()
                && record.situation().participants().stream().allMatch(node -> node.requested() == Phase.NEW_ONLY);
    }

    private boolean mayChange() {
        return record.situation().stages().pending(Stage.CONTRACT);
    }

    /** What is to be hidden, if anything is. */
    Optional<Work> beginning() {
        boolean begins = record.dryRun() != Progress.DONE
                && mayChange()
                && isWanted()
                && Rule.apply(record.situation(), Stage.CONTRACT).isEmpty();
        return begins ? Optional.of(new Work.DryRun(true)) : Optional.empty();
    }

    /** What is to be shown again, if anything is: somebody goes back, or may not drop it any more. */
    Optional<Work> ending() {
        boolean ends = record.dryRun() != Progress.PENDING && mayChange() && !isWanted();
        return ends ? Optional.of(new Work.DryRun(false)) : Optional.empty();
    }

    /** Whether nobody has minded for the hold time. */
    boolean isOver() {
        return hold.isZero()
                || (record.dryRun() == Progress.DONE
                        && record.dryRunFor() != null
                        && record.dryRunFor().compareTo(hold) >= 0);
    }

    /** What people are told meanwhile. */
    Optional<Held> held() {
        return record.dryRun() == Progress.DONE && mayChange() && !isOver()
                ? Optional.of(new Held.Lacks(
                        Stage.CONTRACT.name(),
                        "the old columns are hidden from SELECT * and from INSERT without a list of columns, for "
                                + hold,
                        "if somebody misses them, request read-new: then they are visible again, and the drop waits"))
                : Optional.empty();
    }
}

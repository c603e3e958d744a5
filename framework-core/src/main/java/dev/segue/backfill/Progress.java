package dev.segue.backfill;

import dev.segue.lifecycle.Side;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far a pass is, over all nodes, as of their last batches.
 *
 * @param side the side that it brings up to date
 * @param epoch the epoch of the change for which it counts
 * @param rowsDone rows that have been looked at and, if they had to be, repaired
 * @param rowsTotal rows there are: counted where the pass has been, by the database's statistics where it has not
 * @param rowsRepaired rows that did not agree and now do
 * @param rowsPerSecond of all workers that are at it now, with their pauses
 * @param timeLeft at that speed; null if nobody works at it, if only rows are left that have to be looked after one by one, or if there
 *     are more rows than the statistics knew of, so that nobody knows how many
 * @param rangesOpen parts that are not done
 * @param rangesDone parts that are
 * @param dirty rows that the guard has recorded and that are not converted yet
 * @param quarantined rows that do not convert
 * @param waitingFor what keeps a part from being done, or null if nothing does
 * @param ranges the parts one by one, at most 20: those that a node has, those that wait, those that nobody has taken,
 *     and then those that are done
 */
public record Progress(
        Side side,
        long epoch,
        long rowsDone,
        long rowsTotal,
        long rowsRepaired,
        long rowsPerSecond,
        @Nullable Duration timeLeft,
        int rangesOpen,
        int rangesDone,
        long dirty,
        long quarantined,
        @Nullable String waitingFor,
        List<RangeStatus> ranges) {

    /** More of them would be no help to anybody. */
    private static final int MOST_LOCKERS = 5;

    public Progress {
        ranges = List.copyOf(ranges);
    }

    /** Whether every part is done, and no row is left over. */
    public boolean finished() {
        return rangesOpen == 0 && dirty == 0 && quarantined == 0;
    }

    /** The share of the time in which the throttle lets it work: 1 is full speed, 0 is a stop. */
    public double speed() {
        return Throttle.Decision.factorIn(waitingFor);
    }

    /** With the rows that wait outside the parts, who has paused it all, and the changes that have the workers instead. */
    Progress with(Dirty.Backlog backlog, @Nullable String pausedBy, List<String> busy) {
        String all = Stream.of(
                        Optional.ofNullable(pausedBy).map(who -> who + ", who has paused it"),
                        Optional.of(busy)
                                .filter(some -> !some.isEmpty())
                                .map(some -> "workers, which are at " + String.join(", ", some)),
                        Optional.ofNullable(waitingFor),
                        Optional.ofNullable(backlog.words()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return new Progress(
                side,
                epoch,
                rowsDone,
                rowsTotal,
                rowsRepaired,
                rowsPerSecond,
                rangesOpen == 0 && !backlog.isEmpty() ? null : timeLeft,
                rangesOpen,
                rangesDone,
                backlog.recorded(),
                backlog.putAside(),
                all.isEmpty() ? null : all,
                ranges);
    }

    /** Whether it waits for rows that others have locked. */
    boolean waitsForLocks() {
        return waitingFor != null && waitingFor.contains(Batch.LOCKED);
    }

    /** With the names of those who may be the ones. */
    Progress lockedBy(List<String> lockers) {
        return lockers.isEmpty()
                ? this
                : new Progress(
                        side,
                        epoch,
                        rowsDone,
                        rowsTotal,
                        rowsRepaired,
                        rowsPerSecond,
                        timeLeft,
                        rangesOpen,
                        rangesDone,
                        dirty,
                        quarantined,
                        waitingFor + "; transactions that write or lock rows there: "
                                + lockers.stream().limit(MOST_LOCKERS).collect(Collectors.joining("; ")),
                        ranges);
    }

    /** In one line, as the log has it. */
    @Override
    public String toString() {
        return "%,d of %,d rows, %,d repaired, %,d rows/s%s%s"
                .formatted(
                        rowsDone,
                        rowsTotal,
                        rowsRepaired,
                        rowsPerSecond,
                        timeLeft == null ? "" : ", " + timeLeft.toSeconds() + " s left",
                        waitingFor == null ? "" : ", waiting for " + waitingFor);
    }
}

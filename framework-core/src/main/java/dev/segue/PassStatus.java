package dev.segue;

import dev.segue.backfill.RangeStatus;
import dev.segue.lifecycle.Side;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the backfill of a change is.
 *
 * @param state {@code none}, {@code waiting}, {@code running} or {@code done}
 * @param side the side that is being proven, or null if none is
 * @param rowsDone rows that have been looked at
 * @param rowsTotal rows there are, by the database's statistics and as the pass finds them
 * @param rowsPerSecond how fast it is now
 * @param timeLeft at that speed; null if it is not known
 * @param quarantined rows that do not convert
 * @param dirty rows that the guard has recorded and that are not converted yet
 * @param waitingFor what it waits for, or null if it does not
 * @param speed the share of the time in which the throttle lets it work: 1 is full speed, 0 is a stop
 * @param rangesTotal parts into which its tables are cut; some are cut again, or leave locked rows to a new one
 * @param ranges the parts one by one, at most 20: those that a node has, those that wait, those that nobody has taken,
 *     and then those that are done
 */
public record PassStatus(
        String state,
        @Nullable Side side,
        long rowsDone,
        long rowsTotal,
        long rowsPerSecond,
        @Nullable Duration timeLeft,
        long quarantined,
        long dirty,
        @Nullable String waitingFor,
        double speed,
        int rangesTotal,
        List<RangeStatus> ranges) {

    public PassStatus {
        ranges = List.copyOf(ranges);
    }
}

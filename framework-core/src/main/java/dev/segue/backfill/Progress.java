package dev.segue.backfill;

import dev.segue.lifecycle.Side;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a pass is, all nodes together.
 *
 * @param side the side that it brings up to date
 * @param rowsDone rows that have been looked at
 * @param rowsTotal rows there are, by the database's statistics and at least as many as have been seen
 * @param rowsRepaired rows that disagreed and were changed
 * @param rowsPerSecond between the last two looks
 * @param timeLeft at that speed; null if it is not known
 * @param finished whether every row has been seen and none is left over
 * @param waitingFor rows that others have locked, in words; null if there are none
 */
public record Progress(
        Side side,
        long rowsDone,
        long rowsTotal,
        long rowsRepaired,
        long rowsPerSecond,
        @Nullable Duration timeLeft,
        boolean finished,
        @Nullable String waitingFor) {}

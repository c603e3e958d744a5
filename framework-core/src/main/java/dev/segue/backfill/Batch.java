package dev.segue.backfill;

import dev.segue.backfill.Claims.Locked;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One batch, in one transaction that the caller commits:
 *
 * <ol>
 *   <li>Lock the row of the own range; stop if it is void or somebody else's.
 *   <li>Find the key up to which the batch goes.
 *   <li>Repair what disagrees and nobody has locked ({@link Repair}); what is locked is left to a range of its own.
 *   <li>If another worker is without work, give it the end of the range.
 *   <li>Move the cursor.
 * </ol>
 *
 * <p>The set-based repair does not see rows that are not committed yet. It need not: the pass begins after the barrier,
 * and whoever writes since then writes both sides.
 */
final class Batch {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int LONGEST_PAUSE = 7;

    /** What is said of rows that are skipped. */
    static final String LOCKED = " that other transactions have locked";

    /** A range that is shared keeps as many batches for itself, so that it is not shared again at once. */
    private static final int KEPT_BATCHES = 8;

    private final Claims claims;

    enum End {
        /** There is more of the range. */
        MORE,
        /** The range is done. */
        FINISHED,
        /** The range has rows that are locked, and is nobody's for a while. */
        LEFT,
        /** The range is another worker's. */
        LOST,
        /** The epoch has gone up. */
        VOID
    }

    /** @param cut whether it has ended before the rows that it was to take */
    record Result(End end, long rowsRead, boolean cut) {

        private static Result nothing(End end) {
            return new Result(end, 0, false);
        }
    }

    Batch(Claims claims) {
        this.claims = claims;
    }

    /**
     * @param share whether another worker would take a part of the range
     * @param slowedBy why this batch came later than it could have, for people; null if it did not
     */
    Result run(
            Connection connection,
            Range claimed,
            Stride stride,
            Repair repair,
            int rows,
            boolean share,
            Rate rate,
            @Nullable String slowedBy)
            throws SQLException {
        Locked locked = claims.lock(connection, claimed);
        return switch (locked.standing()) {
            case VOID -> Result.nothing(End.VOID);
            case LOST -> Result.nothing(End.LOST);
            case OURS -> run(connection, stride, repair, locked.range(), rows, share, rate, slowedBy);
        };
    }

    private Result run(
            Connection connection,
            Stride stride,
            Repair repair,
            Range range,
            int rows,
            boolean share,
            Rate rate,
            @Nullable String slowedBy)
            throws SQLException {
        Stride.Step step = stride.next(connection, range.todo(), rows);
        Repair.Done done = repair.repair(connection, step.window());
        long read = stride.rows(connection, step, done);
        Key last = done.upTo();
        boolean finished = last.equals(range.upTo());
        boolean cut = !last.equals(step.window().upTo());
        if (done.left() > 0) {
            String why = done.left() + " row(s) of " + range.site() + LOCKED;
            if (range.isRetry()) {
                claims.again(connection, range, done.repaired(), done.left(), pause(range), why);
                return new Result(End.LEFT, read, cut);
            }
            claims.leave(connection, range, new Window(range.cursor(), last), done.left(), pause(range), why);
        }
        if (share && !finished && !range.isRetry()) {
            int kept = rows * KEPT_BATCHES;
            Optional<Key> end = stride.nth(connection, new Window(last, range.upTo()), kept);
            if (end.isPresent() && !end.get().equals(range.upTo())) {
                claims.split(connection, range, end.get(), read + kept);
            }
        }
        claims.advance(connection, range, last, finished, read, done.repaired(), rate.count(read), slowedBy);
        return new Result(finished ? End.FINISHED : End.MORE, read, cut);
    }

    /** The longer the lock stands, the rarer it is tried: from a quarter of a second to half a minute. */
    private static Duration pause(Range range) {
        return FIRST_PAUSE.multipliedBy(1L << Math.min(LONGEST_PAUSE, range.attempt()));
    }
}

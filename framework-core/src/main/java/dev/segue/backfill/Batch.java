package dev.segue.backfill;

import dev.segue.backfill.Claims.Locked;
import dev.segue.backfill.SiteSql.Count;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * One batch, in one transaction that the caller commits:
 *
 * <ol>
 *   <li>Lock the row of the own range; stop if it is void or somebody else's.
 *   <li>Find the key up to which the batch goes.
 *   <li>Count, without locks, what disagrees; most often nothing does, when the pass comes by for the second time.
 *   <li>Repair what disagrees and nobody has locked.
 *   <li>Count again, with a newer snapshot: what still disagrees was locked, and is left to a range of its own.
 *   <li>Move the cursor.
 * </ol>
 *
 * <p>The set-based repair does not see rows that are not committed yet. It need not: the pass begins after the barrier,
 * and whoever writes since then writes both sides.
 */
final class Batch {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int LONGEST_PAUSE = 7;

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

    record Result(End end, long rowsRead) {}

    Batch(Claims claims) {
        this.claims = claims;
    }

    Result run(Connection connection, Range claimed, SiteSql sql, int rows, Rate rate) throws SQLException {
        Locked locked = claims.lock(connection, claimed);
        return switch (locked.standing()) {
            case VOID -> new Result(End.VOID, 0);
            case LOST -> new Result(End.LOST, 0);
            case OURS -> run(connection, sql, locked.range(), rows, rate);
        };
    }

    private Result run(Connection connection, SiteSql sql, Range range, int rows, Rate rate) throws SQLException {
        Optional<Key> nth = sql.nth(connection, range.todo(), rows);
        Key last = nth.orElse(range.upTo());
        boolean finished = last.equals(range.upTo());
        Window window = new Window(range.cursor(), last);
        Count found = sql.count(connection, window);
        long repaired = 0;
        if (found.disagreeing() > 0) {
            repaired = sql.repair(connection, window);
            long left = sql.count(connection, window).disagreeing();
            if (left > 0) {
                String why = left + " row(s) of " + range.site() + " that other transactions have locked";
                if (range.isRetry()) {
                    claims.again(connection, range, repaired, left, pause(range), why);
                    return new Result(End.LEFT, found.rows());
                }
                claims.leave(connection, range, window, left, pause(range), why);
            }
        }
        claims.advance(connection, range, last, finished, found.rows(), repaired, rate.count(found.rows()));
        return new Result(finished ? End.FINISHED : End.MORE, found.rows());
    }

    /** The longer the lock stands, the rarer it is tried: from a quarter of a second to half a minute. */
    private static Duration pause(Range range) {
        return FIRST_PAUSE.multipliedBy(1L << Math.min(LONGEST_PAUSE, range.attempt()));
    }
}

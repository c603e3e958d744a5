package dev.segue.backfill;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * One worker's turn at a pass, on one connection: claims a range, walks it batch by batch, claims the next. Not for
 * several threads; each takes a worker of its own.
 */
final class Worker {

    /** As many in a row put a range off for others to try. */
    private static final int MAX_SETBACKS = 8;

    static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration AT_A_STANDSTILL = Duration.ofSeconds(1);
    private static final Duration AFTER_SETBACKS = Duration.ofSeconds(5);
    private static final Duration WITHOUT_WORK = Duration.ofMillis(100);
    private static final long ASK_EVERY = Duration.ofSeconds(1).toNanos();

    private final Database database;
    private final Session session;
    private final Connection connection;
    private final PassId pass;
    private final Pace begun;
    private final Tempo tempo;
    private final Claims claims;
    private final Batch batch;
    private final Ranges ranges;
    private final PassLog log;
    private final BatchWatch watch;
    private final Map<String, Stride> strides = new HashMap<>();
    private final Map<String, Repair> repairs = new HashMap<>();
    private final Map<String, BatchSize> sizes = new HashMap<>();
    private final Rate rate = new Rate();
    private final AtomicInteger walking;
    private long askedForHands = System.nanoTime();

    /**
     * @param pace as configured
     * @param begun the pace as an operator has tuned it when the turn begins
     */
    Worker(
            Database database,
            Session session,
            PassId pass,
            Pace pace,
            Pace begun,
            BooleanSupplier goOn,
            Claims claims,
            Ranges ranges,
            PassLog log,
            AtomicInteger walking,
            BatchWatch watch) {
        this.watch = watch;
        this.database = database;
        this.session = session;
        this.connection = session.connection();
        this.pass = pass;
        this.begun = begun;
        this.tempo = new Tempo(pass.change(), pace, goOn);
        this.claims = claims;
        this.batch = new Batch(claims);
        this.ranges = ranges;
        this.log = log;
        this.walking = walking;
    }

    Outcome run(ColumnChange change) throws SQLException {
        Room room = Room.of(begun.workers());
        for (Site site : change.sites()) {
            SiteSql sql = new SiteSql(database, site);
            if (sql.key().isZoned()) {
                session.inUtc();
            }
            String name = site.table().toString();
            strides.put(name, new Stride(sql));
            repairs.put(
                    name,
                    Repair.of(connection, database, change, site, change.kind().repaired(pass.side()), room));
            sizes.put(name, new BatchSize(begun, room.most(site), sql.firstBatch(connection)));
        }
        int setbacks = 0;
        while (tempo.goOn()) {
            Optional<Range> claimed;
            try {
                if (tempo.isPaused(connection)) {
                    return Outcome.STOPPED;
                }
                if (isOutOfDate()) {
                    return Outcome.STOPPED;
                }
                claimed = claims.next(connection, pass, tempo.pace().workers());
                setbacks = 0;
            } catch (SQLException e) {
                if (!isSetback(e) || ++setbacks == MAX_SETBACKS) {
                    throw e;
                }
                continue;
            }
            if (claimed.isEmpty()) {
                if (walking.get() == 0) {
                    return nothingToClaim();
                }
                // Who has a range gives a part of it away before long, if it is large.
                tempo.pause(WITHOUT_WORK);
                continue;
            }
            walking.incrementAndGet();
            try {
                if (walk(claimed.get()) == Batch.End.VOID) {
                    return Outcome.VOID;
                }
            } finally {
                walking.decrementAndGet();
            }
        }
        return Outcome.STOPPED;
    }

    private boolean isShareWanted() throws SQLException {
        long now = System.nanoTime();
        if (tempo.pace().workers() == 1 || now - askedForHands < ASK_EVERY) {
            return false;
        }
        askedForHands = now;
        return claims.isShareWanted(connection, pass, tempo.pace().workers());
    }

    /** Another number of workers is wanted than when this turn began, or batches too long for it: the next one has them. */
    private boolean isOutOfDate() {
        return tempo.pace().workers() != begun.workers()
                || timeout(tempo.pace()).compareTo(timeout(begun)) > 0;
    }

    /** How long a statement of a batch may take. */
    static Duration timeout(Pace pace) {
        Duration timeout = pace.targetBatchTime().multipliedBy(10);
        return timeout.compareTo(SHORTEST_TIMEOUT) > 0 ? timeout : SHORTEST_TIMEOUT;
    }

    private Outcome nothingToClaim() throws SQLException {
        Ranges.States states = ranges.states(connection, pass);
        connection.commit();
        if (states.isVoid()) {
            return Outcome.VOID;
        }
        return states.isComplete() ? Outcome.FINISHED_ALL : Outcome.NOTHING_TO_CLAIM;
    }

    private Batch.End walk(Range range) throws SQLException {
        try {
            Stride stride = known(strides, range);
            Repair repair = known(repairs, range);
            BatchSize size = known(sizes, range);
            int setbacks = 0;
            boolean stood = false;
            while (tempo.goOn()) {
                try {
                    if (tempo.isPaused(connection) || isOutOfDate()) {
                        break;
                    }
                    size.follow(tempo.pace());
                    Throttle.Decision throttled = tempo.throttle();
                    if (throttled.stops()) {
                        if (!claims.hold(connection, range, throttled.words())) {
                            return Batch.End.LOST;
                        }
                        log.tell(connection, pass, ranges);
                        stood = true;
                        tempo.pause(AT_A_STANDSTILL);
                        continue;
                    }
                    // Meanwhile its place did not count, and may be taken.
                    if (stood
                            && !claims.isRoomWithout(
                                    connection, pass, tempo.pace().workers())) {
                        break;
                    }
                    stood = false;
                    long began = System.nanoTime();
                    Batch.Result result = batch(range, stride, repair, size.rows(), throttled);
                    setbacks = 0;
                    Duration took = Duration.ofNanos(System.nanoTime() - began);
                    if (result.cut()) {
                        size.cut(result.rowsRead());
                    }
                    size.took(result.rowsRead(), took);
                    log.tell(connection, pass, ranges);
                    tempo.rest(result.rowsRead(), took);
                    if (result.end() != Batch.End.MORE) {
                        return result.end();
                    }
                } catch (SQLException e) {
                    if (!isSetback(e)) {
                        throw e;
                    }
                    size.failed();
                    if (++setbacks == MAX_SETBACKS) {
                        claims.release(connection, range, AFTER_SETBACKS, "a batch to go through: " + words(e));
                        return Batch.End.LEFT;
                    }
                    tempo.pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(10, 50L * (1 + setbacks))));
                }
            }
            claims.release(connection, range, Duration.ZERO, null);
            return Batch.End.LEFT;
        } catch (SQLException | RuntimeException e) {
            giveUp(range, e);
            throw e;
        }
    }

    private Batch.Result batch(Range range, Stride stride, Repair repair, int rows, Throttle.Decision throttled)
            throws SQLException {
        BatchWatch.Span span = watch.begins(pass.change(), pass.side());
        Throwable failure = null;
        try {
            Batch.Result result =
                    batch.run(connection, range, stride, repair, rows, isShareWanted(), rate, throttled.words());
            tempo.commit(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            failure = e;
            throw e;
        } finally {
            span.ended(failure);
        }
    }

    /** Whether the transaction, which is rolled back here, may be tried again. */
    private boolean isSetback(SQLException e) throws SQLException {
        if (!Setback.is(database, e)) {
            return false;
        }
        connection.rollback();
        return true;
    }

    /** Another worker may fare better at once; if even this fails, the claim runs out by itself. */
    private void giveUp(Range range, Exception why) {
        try {
            connection.rollback();
            claims.release(connection, range, Duration.ZERO, words(why));
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    /** Without the details, in which PostgreSQL quotes values; MySQL does so in the message of some errors itself. */
    private static String words(Exception e) {
        String words = String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElseGet(() -> e.getClass().getName());
        return e instanceof SQLException sql && words.contains("value: '")
                ? "a value that the database refuses (error " + sql.getErrorCode() + ", SQL state " + sql.getSQLState()
                        + ")"
                : words;
    }

    private static <T> T known(Map<String, T> bySite, Range range) {
        T found = bySite.get(range.site());
        if (found == null) {
            throw new IllegalStateException("A pass is under way over table " + range.site()
                    + ", which this node's change does not have: " + bySite.keySet());
        }
        return found;
    }
}

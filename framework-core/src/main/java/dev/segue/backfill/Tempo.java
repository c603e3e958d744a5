package dev.segue.backfill;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * When one worker may do its next batch: as the throttle, the rate and the operator let it. For one thread.
 */
final class Tempo {

    private static final long LONGEST_SLEEP_MILLIS = 100;
    private static final long ASK_EVERY = Duration.ofSeconds(1).toNanos();

    /** The server drops a session that is silent for long. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final String change;
    private final Pace configured;
    private final DoubleSupplier share;
    private final BooleanSupplier goOn;
    private Pace pace;
    private boolean paused;
    private boolean everAsked;
    private long asked;

    Tempo(String change, Pace pace, BooleanSupplier goOn) {
        this(change, pace, () -> 1, goOn);
    }

    /**
     * @param share of the time in which to work, above 0 and at most 1; asked after each batch
     * @param goOn asked all the time; when it says no, every pause is over
     */
    Tempo(String change, Pace pace, DoubleSupplier share, BooleanSupplier goOn) {
        this.share = share;
        this.change = change;
        this.configured = pace;
        this.pace = pace;
        this.goOn = goOn;
    }

    boolean goOn() {
        return !Thread.currentThread().isInterrupted() && goOn.getAsBoolean();
    }

    /** The pace as an operator has tuned it, as of when {@link #isPaused} was asked last. */
    Pace pace() {
        return pace;
    }

    /** Whether an operator has paused the work on the change, as of a second ago. Commits. */
    boolean isPaused(Connection connection) throws SQLException {
        long now = System.nanoTime();
        if (!everAsked || now - asked >= ASK_EVERY) {
            Steering steering = Steering.read(connection, change);
            connection.commit();
            paused = steering.pausedBy() != null;
            pace = steering.tuning().of(configured);
            asked = now;
            everAsked = true;
        }
        return paused;
    }

    Throttle.Decision throttle() {
        return pace.throttle().ask();
    }

    /** Rests after a batch, so that neither the rate nor the throttle is exceeded; the throttle slows the rate down as well. */
    void rest(long rows, Duration took) {
        Duration rest = rest(throttle(), rows, took);
        pause(rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST);
    }

    private Duration rest(Throttle.Decision decision, long rows, Duration took) {
        Duration shared = Throttle.restAfter(took, share.getAsDouble());
        Duration throttled = longer(decision.restAfter(took), shared);
        if (pace.maxRowsPerSecond() == 0) {
            return throttled;
        }
        double rate = pace.maxRowsPerSecond() * (decision.stops() ? 1 : decision.factor());
        Duration rated = Duration.ofNanos((long) (rows * 1e9 / rate)).minus(took);
        return longer(throttled, rated);
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    void pause(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toNanos(); left > 0 && goOn(); left = until - System.nanoTime()) {
                // Rounded up: many short pauses that were each too short would exceed the rate.
                Thread.sleep(Math.min(TimeUnit.NANOSECONDS.toMillis(left) + 1, LONGEST_SLEEP_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commits, and tells the throttle how long that took. */
    void commit(Connection connection) throws SQLException {
        long began = System.nanoTime();
        connection.commit();
        pace.throttle().committed(Duration.ofNanos(System.nanoTime() - began));
    }
}

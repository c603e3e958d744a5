package dev.segue.backfill;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When one worker may do its next batch: as the throttle, the rate and the operator let it. For one thread.
 */
final class Tempo {

    private static final long LONGEST_SLEEP_MILLIS = 100;
    private static final long ASK_EVERY = Duration.ofSeconds(1).toNanos();

    /** The server drops a session that is silent for long. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private final String change;
    private final Pace pace;
    private final BooleanSupplier goOn;
    private boolean paused;
    private boolean everAsked;
    private long asked;

    /** @param goOn asked all the time; when it says no, every pause is over */
    Tempo(String change, Pace pace, BooleanSupplier goOn) {
        this.change = change;
        this.pace = pace;
        this.goOn = goOn;
    }

    boolean goOn() {
        return !Thread.currentThread().isInterrupted() && goOn.getAsBoolean();
    }

    /** Whether an operator has paused the work on the change, as of a second ago. Commits. */
    boolean isPaused(Connection connection) throws SQLException {
        long now = System.nanoTime();
        if (!everAsked || now - asked >= ASK_EVERY) {
            paused = pausedBy(connection, change) != null;
            connection.commit();
            asked = now;
            everAsked = true;
        }
        return paused;
    }

    /** Who has paused the work on a change, if somebody has. */
    static @Nullable String pausedBy(Connection connection, String change) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT paused_by FROM segue_change WHERE id = ?")) {
            select.setString(1, change);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    Throttle.Decision throttle() {
        return pace.throttle().ask();
    }

    /** Rests after a batch, so that neither the rate nor the throttle is exceeded. */
    void rest(long rows, Duration took) {
        Duration throttled = throttle().restAfter(took);
        Duration rest = throttled.compareTo(LONGEST_REST) < 0 ? throttled : LONGEST_REST;
        Duration rated = pace.maxRowsPerSecond() == 0
                ? Duration.ZERO
                : Duration.ofNanos((long) (rows * 1e9 / pace.maxRowsPerSecond()))
                        .minus(took);
        pause(rest.compareTo(rated) > 0 ? rest : rated);
    }

    void pause(Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis(); left > 0 && goOn(); left = (until - System.nanoTime()) / 1_000_000) {
                Thread.sleep(Math.min(left, LONGEST_SLEEP_MILLIS));
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

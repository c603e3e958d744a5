package dev.segue.backfill;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The pauses of one worker between its batches. For one thread. */
final class Tempo {

    private static final long LONGEST_SLEEP_MILLIS = 100;

    private final Pace pace;
    private final BooleanSupplier goOn;

    /** @param goOn asked all the time; when it says no, every pause is over */
    Tempo(Pace pace, BooleanSupplier goOn) {
        this.pace = pace;
        this.goOn = goOn;
    }

    boolean goOn() {
        return !Thread.currentThread().isInterrupted() && goOn.getAsBoolean();
    }

    /** Rests after a batch, so that the rate is not exceeded. */
    void rest(long rows, Duration took) {
        if (pace.maxRowsPerSecond() > 0) {
            pause(Duration.ofNanos((long) (rows * 1e9 / pace.maxRowsPerSecond()))
                    .minus(took));
        }
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
}

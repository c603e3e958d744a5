package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RollCallTest {

    private long now = Duration.ofDays(1).toNanos();
    private final RollCall rollCall = new RollCall(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void nobodyIsMissedWhoHasNotBeenThere() {
        assertThat(rollCall.missing(Map.of())).isEmpty();
        assertThat(rollCall.missing(Map.of("a", 1))).isEmpty();
        assertThat(rollCall.missing(Map.of("a", 1, "b", 1))).isEmpty();
    }

    @Test
    void whoHasGoneIsMissedForSomeMinutesAndThenForgotten() {
        rollCall.missing(Map.of("a", 1, "b", 1));
        pass(Duration.ofMinutes(4));
        assertThat(rollCall.missing(Map.of("a", 1))).contains("b");
        pass(Duration.ofMinutes(2));
        assertThat(rollCall.missing(Map.of("a", 1))).isEmpty();
        assertThat(rollCall.missing(Map.of("a", 1))).isEmpty();
    }

    @Test
    void whoComesBackIsNotMissed() {
        rollCall.missing(Map.of("a", 1));
        assertThat(rollCall.missing(Map.of())).contains("a");
        assertThat(rollCall.missing(Map.of("a", 1))).isEmpty();
    }

    @Test
    void oneOfSeveralOfTheSameNameIsMissed() {
        rollCall.missing(Map.of("walreceiver", 2));
        pass(Duration.ofMinutes(1));
        assertThat(rollCall.missing(Map.of("walreceiver", 1))).contains("walreceiver");
        pass(Duration.ofMinutes(5));
        assertThat(rollCall.missing(Map.of("walreceiver", 1))).isEmpty();
    }
}

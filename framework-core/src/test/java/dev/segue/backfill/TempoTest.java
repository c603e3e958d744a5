package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TempoTest {

    private static final Duration TOOK = Duration.ofMillis(20);

    /** How often it was asked whether to go on, which is in every pause and in nothing else. */
    private final AtomicInteger asked = new AtomicInteger();

    private Duration restAfterWork(double share) {
        Tempo tempo = new Tempo("credit", Pace.DEFAULT, () -> share, () -> asked.incrementAndGet() > 0);
        long began = System.nanoTime();
        tempo.rest(1_000, TOOK);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void whoMayWorkAllTheTimeDoesNotRest() {
        restAfterWork(1);

        assertThat(asked).hasValue(0);
    }

    @Test
    void whoMayWorkATenthOfTheTimeRestsNineTimesAsLongAsTheWorkTook() {
        assertThat(restAfterWork(0.1)).isGreaterThanOrEqualTo(TOOK.multipliedBy(9));
        assertThat(asked).hasPositiveValue();
    }
}

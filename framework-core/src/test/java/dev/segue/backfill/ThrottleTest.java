package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong nanos = new AtomicLong();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    /** Gives what it is told, or fails. */
    private static class Told implements ThrottleSignal {

        private final String name;
        private final AtomicInteger reads = new AtomicInteger();
        private double value;
        private boolean broken;

        Told(String name, double value) {
            this.name = name;
            this.value = value;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String unit() {
            return "s";
        }

        @Override
        public double limit() {
            return 10;
        }

        @Override
        public double read() throws Exception {
            reads.incrementAndGet();
            if (broken) {
                throw new Exception("no answer");
            }
            return value;
        }
    }

    private Throttle throttle(ThrottleSignal... signals) {
        return new Throttle(List.of(signals), null, nanos::get, () -> now);
    }

    private Throttle.Decision next(Throttle throttle) {
        nanos.addAndGet(SECOND);
        return throttle.ask();
    }

    @Test
    void withoutSignalsItIsFullSpeed() {
        assertThat(Throttle.NONE.ask()).isEqualTo(new Throttle.Decision(1, null));
    }

    @Test
    void otherNodesCanReadTheSpeedFromItsWords() {
        assertThat(Throttle.Decision.factorIn(null)).isEqualTo(1);
        assertThat(Throttle.Decision.factorIn("3 rows that are locked")).isEqualTo(1);
        assertThat(Throttle.Decision.factorIn(new Throttle.Decision(0.25, "lag is 9 of 10 s").words() + "; 2 rows"))
                .isEqualTo(0.25);
        assertThat(Throttle.Decision.factorIn("ann, who has paused it; " + new Throttle.Decision(0, "lag").words()))
                .isEqualTo(0);
    }

    @Test
    void slowsDownGraduallyTowardsTheLimit() {
        Told lag = new Told("lag", 5);
        Throttle throttle = throttle(lag);
        assertThat(next(throttle).factor()).isEqualTo(1);

        lag.value = 7;
        assertThat(next(throttle).factor()).isCloseTo(0.75, within(1e-9));
        lag.value = 9;
        assertThat(next(throttle).factor()).isCloseTo(0.25, within(1e-9));
        assertThat(next(throttle).reason()).isEqualTo("lag is 9 of 10 s");
        lag.value = 9.99;
        assertThat(next(throttle).factor())
                .as("never quite nothing below the limit")
                .isEqualTo(0.05);
        lag.value = 10;
        assertThat(next(throttle).stops()).isTrue();
    }

    @Test
    void goesOnOnlyWellBelowTheLimitAndSpeedsUpSlowly() {
        Told lag = new Told("lag", 12);
        Throttle throttle = throttle(lag);
        assertThat(next(throttle).stops()).isTrue();

        lag.value = 9;
        assertThat(next(throttle).stops()).as("still near the limit").isTrue();
        lag.value = 7.9;
        assertThat(next(throttle).factor()).isCloseTo(0.1, within(1e-9));
        lag.value = 9;
        assertThat(next(throttle).factor()).as("it has not stopped since").isCloseTo(0.2, within(1e-9));
        lag.value = 0;
        assertThat(next(throttle).factor()).isCloseTo(0.3, within(1e-9));
        for (int i = 0; i < 6; i++) {
            assertThat(next(throttle).factor()).isLessThan(1);
        }
        assertThat(next(throttle)).isEqualTo(new Throttle.Decision(1, null));
    }

    @Test
    void whatCannotBeReadStopsTheWork() {
        Told lag = new Told("lag", 0);
        Told other = new Told("load", 0);
        Throttle throttle = throttle(other, lag);
        assertThat(next(throttle).stops()).isFalse();

        lag.broken = true;
        assertThat(next(throttle).words()).isEqualTo("the throttle (stopped): lag cannot be read: no answer");
        lag.broken = false;
        lag.value = Double.NaN;
        assertThat(next(throttle).stops()).isTrue();
        lag.value = 0;
        assertThat(next(throttle).factor()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void afterItCouldNotBeReadItGoesOnOnlyWellBelowTheLimit() {
        Told lag = new Told("lag", 9.9);
        Throttle throttle = throttle(lag);
        lag.broken = true;
        assertThat(next(throttle).stops()).isTrue();

        lag.broken = false;
        assertThat(next(throttle).words()).isEqualTo("the throttle (stopped): lag is 9.9 of 10 s");
        lag.value = 7.9;
        assertThat(next(throttle).factor()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void theSignalThatIsNearestToItsLimitDecides() {
        Throttle throttle = throttle(new Told("a", 1), new Told("b", 8), new Told("c", 2));

        assertThat(next(throttle).reason()).startsWith("b is 8");
        assertThat(throttle.ask().words()).isEqualTo("the throttle (50 % of the speed): b is 8 of 10 s");
    }

    @Test
    void readsAtMostOnceASecondHoweverManyAsk() {
        Told lag = new Told("lag", 1);
        Throttle throttle = throttle(lag);
        for (int i = 0; i < 1_000; i++) {
            throttle.ask();
            nanos.addAndGet(SECOND / 100);
        }

        assertThat(lag.reads).hasValue(10);
    }

    @Test
    void stopsOutsideOfItsHours() {
        Throttle throttle = new Throttle(List.of(), TimeWindow.parse("22:00-06:00 UTC"), nanos::get, () -> now);
        assertThat(next(throttle).words()).isEqualTo("the throttle (stopped): it is not 22:00-06:00 UTC");

        now = Instant.parse("2026-11-21T22:00:00Z");
        assertThat(next(throttle).stops()).isFalse();
    }

    @Test
    void theRestIsInProportionToTheWork() {
        assertThat(new Throttle.Decision(0.25, "x").restAfter(Duration.ofMillis(200)))
                .isEqualTo(Duration.ofMillis(600));
        assertThat(Throttle.Decision.FULL.restAfter(Duration.ofMillis(200))).isZero();
    }

    @Test
    void aLimitThatIsNoneIsRefused() {
        Told never = new Told("lag", 0) {
            @Override
            public double limit() {
                return 0;
            }
        };
        assertThatThrownBy(() -> throttle(never)).hasMessageContaining("lag");
    }

    @Test
    void slowCommitsStopTheWorkAndAreTriedAgain() {
        CommitLatency latency = new CommitLatency(Duration.ofMillis(10));
        Throttle throttle = throttle(latency);
        assertThat(next(throttle).stops()).isFalse();

        throttle.committed(Duration.ofMillis(20));
        assertThat(next(throttle).reason()).isEqualTo("the time of a commit is 20 of 10 ms");
        int stopped = 0;
        while (next(throttle).stops()) {
            assertThat(++stopped).isLessThan(20);
        }
    }
}

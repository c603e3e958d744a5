package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private final Rounds rounds = new Rounds(Duration.ofSeconds(30));

    @Test
    void aSmallFleetLooksTwiceASecond() {
        assertThat(rounds.pause(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(rounds.pause(10)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void manyNodesTogetherLookNoMoreOftenThanTen() {
        assertThat(rounds.pause(100)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void anOperatorsRequestIsHeardWithinOneRenewal() {
        for (Duration lease : new Duration[] {Duration.ofSeconds(1), Duration.ofSeconds(30)}) {
            assertThat(new Rounds(lease).pause(10_000)).isLessThan(lease.dividedBy(3));
        }
        assertThat(rounds.pause(10_000)).isEqualTo(Duration.ofMillis(7_500));
    }

    @Test
    void theFirstRoundIsDueAtOnceAndTheNextOnlyAfterThePause() {
        assertThat(rounds.isDue(1)).isTrue();
        assertThat(rounds.isDue(1)).isFalse();
    }
}

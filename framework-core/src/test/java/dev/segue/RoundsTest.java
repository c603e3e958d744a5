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
        assertThat(rounds.pause(10_000)).isEqualTo(Duration.ofSeconds(10));
        assertThat(new Rounds(Duration.ofSeconds(1)).pause(1)).isLessThan(Duration.ofMillis(334));
    }

    @Test
    void theFirstRoundIsDueAtOnceAndTheNextOnlyAfterThePause() {
        assertThat(rounds.isDue(1)).isTrue();
        assertThat(rounds.isDue(1)).isFalse();
    }
}

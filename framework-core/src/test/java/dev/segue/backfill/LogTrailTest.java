package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A log whose places are numbers, looked at once a second. */
class LogTrailTest {

    private long seconds;
    private final LogTrail<Long> trail = new LogTrail<>(() -> seconds * 1_000_000_000L);

    /** A second later the log ends there, and all of it is kept. */
    private void look(long end) {
        look(end, end);
    }

    private void look(long end, long kept) {
        seconds++;
        trail.note(end, noted -> noted <= kept);
    }

    private double lag(long replayed) {
        return trail.lag(end -> end <= replayed);
    }

    @Test
    void withoutALookThereIsNoLag() {
        assertThat(lag(0)).isZero();
    }

    @Test
    void theLagIsTheAgeOfTheOldestThatIsLacking() {
        look(10);
        assertThat(lag(5)).isZero();
        look(20);
        look(30);
        assertThat(lag(5)).isEqualTo(2);
        assertThat(lag(9)).as("it goes on, but not as far").isEqualTo(2);
        assertThat(lag(10)).isEqualTo(1);
        assertThat(lag(29)).isZero();
        look(30);
        assertThat(lag(29)).isEqualTo(1);
        assertThat(lag(30)).isZero();
        assertThat(trail.size()).isZero();
    }

    @Test
    void aPrimaryThatIsQuietMakesNoLag() {
        look(10);
        for (int i = 0; i < 1_000; i++) {
            look(10);
            assertThat(lag(10)).isZero();
        }
        look(20);
        assertThat(lag(10)).as("since it was written").isZero();
    }

    @Test
    void whatAQuietPrimaryHasWrittenLastGrowsOldIfItIsLacking() {
        for (int i = 0; i <= 100; i++) {
            look(10);
        }
        assertThat(lag(9)).isEqualTo(100);
        assertThat(trail.size()).isEqualTo(1);
    }

    @Test
    void whatThePrimaryHasNotKeptYetDoesNotAge() {
        for (int i = 0; i < 100; i++) {
            look(20, 15);
            assertThat(lag(10)).isZero();
        }
        look(20);
        look(20);
        assertThat(lag(10)).as("since it has been seen last").isEqualTo(2);
    }

    @Test
    void whatAnotherPrimaryLacksIsForgotten() {
        look(10);
        look(20);
        look(30);
        look(15);
        assertThat(lag(14)).as("it has 10").isZero();
        assertThat(trail.newest()).isEqualTo(15);
        look(16);
        look(5, 0);
        assertThat(lag(1)).isZero();
        assertThat(trail.size()).isEqualTo(1);
    }

    @Test
    void anHourIsKnownByFewPlaces() {
        for (int i = 1; i <= 3_600; i++) {
            look(i);
            assertThat(lag(0)).isEqualTo(i - 1);
            assertThat(trail.size()).isLessThanOrEqualTo(LogTrail.MOST);
        }
        for (int replayed = 1; replayed < 3_600; replayed++) {
            double truth = 3_600 - (replayed + 1);
            assertThat(lag(replayed)).isCloseTo(truth, within(1 + truth / 5));
        }
        assertThat(lag(3_600)).isZero();
    }

    @Test
    void whatCannotBeAskedIsNotForgotten() {
        look(10);
        look(20);
        assertThatThrownBy(() -> trail.lag(end -> {
                    throw new SQLException("connection refused");
                }))
                .hasMessage("connection refused");
        assertThat(lag(5)).isEqualTo(1);
    }
}

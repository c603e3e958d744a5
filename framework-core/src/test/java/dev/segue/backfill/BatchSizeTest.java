package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchSizeTest {

    private static final Duration TARGET = Duration.ofMillis(200);

    private final BatchSize size = size(0);

    private static BatchSize size(long maxRowsPerSecond) {
        return new BatchSize(new Pace(TARGET, 1_000, 10_000, maxRowsPerSecond), Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    @Test
    void growsByHalfAtMostAndUpToItsLimit() {
        size.took(1_000, Duration.ofMillis(1));
        assertThat(size.rows()).isEqualTo(1_500);
        size.took(1_500, Duration.ofMillis(160));
        assertThat(size.rows()).isEqualTo(1_875);
        for (int i = 0; i < 20; i++) {
            size.took(size.rows(), Duration.ofMillis(1));
        }
        assertThat(size.rows()).isEqualTo(10_000);
    }

    @Test
    void shrinksWithTheTimeItTookAndHalvesAfterAFailure() {
        size.took(1_000, Duration.ofMillis(250));
        assertThat(size.rows()).isEqualTo(800);
        size.took(800, Duration.ofSeconds(20));
        assertThat(size.rows()).isEqualTo(400);
        size.failed();
        assertThat(size.rows()).isEqualTo(200);
    }

    @Test
    void aBatchThatFoundFewerRowsThanAskedForIsNoReasonToGrow() {
        size.took(10, Duration.ofMillis(1));

        assertThat(size.rows()).isEqualTo(1_000);
    }

    @Test
    void oneRowIsTheLeastAndGrowsAgain() {
        for (int i = 0; i < 20; i++) {
            size.failed();
        }
        assertThat(size.rows()).isEqualTo(1);

        size.took(1, Duration.ofMillis(1));

        assertThat(size.rows()).isEqualTo(2);
    }

    @Test
    void takesTheRowsThatARateAllowsEvenly() {
        assertThat(size(300).rows()).isEqualTo(30);
        assertThat(size(3).rows()).isEqualTo(1);
    }

    @Test
    void isOverSoonUnderARate() {
        BatchSize rated = size(10_000);
        rated.took(1_000, Duration.ofMillis(20));
        rated.took(500, Duration.ofMillis(10));
        assertThat(rated.rows()).isEqualTo(250);

        rated.took(250, Duration.ofMillis(5));
        assertThat(rated.rows()).isEqualTo(250);
        rated.took(250, Duration.ofMillis(4));
        assertThat(rated.rows()).isEqualTo(312);
    }

    @Test
    void isNotSoSmallThatItCannotKeepToTheRate() {
        BatchSize rated = size(10_000);
        Duration commit = Duration.ofMillis(8);
        for (int i = 0; i < 20; i++) {
            rated.took(rated.rows(), commit.plusNanos(rated.rows() * 10_000L));
        }

        // A commit takes 8 ms, 200 rows may take 20 ms.
        assertThat(rated.rows()).isBetween(100, 400);

        rated.took(rated.rows(), Duration.ofSeconds(1));
        assertThat(rated.rows()).isLessThan(200);
    }

    @Test
    void aBatchThatWasCutSaysHowManyRowsAreEnough() {
        size.cut(3);
        assertThat(size.rows()).isEqualTo(3);

        size.took(3, Duration.ofMillis(1));
        assertThat(size.rows()).isEqualTo(4);
        size.cut(0);
        assertThat(size.rows()).isEqualTo(1);
    }

    @Test
    void beginsSmallWhereRowsAreLong() {
        assertThat(new BatchSize(new Pace(TARGET, 1_000, 10_000, 0), Integer.MAX_VALUE, 16).rows())
                .isEqualTo(16);
        assertThat(new BatchSize(new Pace(TARGET, 1_000, 10_000, 0), Integer.MAX_VALUE, 0).rows())
                .isEqualTo(1);
    }
}

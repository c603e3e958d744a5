package dev.segue.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.lifecycle.Phase;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** When a node should go back, by measurements that are made up. */
class TrendTest {

    private static final int RUNS = 500;

    private final Random random = new Random(4711);
    private final Trend trend = new Trend(Limits.DEFAULT);

    private static final class Work {
        private final long[] ended = new long[Sample.steps()];
        private final long[] running = new long[Sample.steps()];
        private long transactions;
        private long failed;

        Work statements(int count, DoubleSupplier millis) {
            for (int i = 0; i < count; i++) {
                ended[Sample.step((long) (millis.getAsDouble() * 1e6))]++;
            }
            return this;
        }

        Work running(int count, Duration since) {
            running[Sample.step(since.toNanos())] += count;
            return this;
        }

        Work transactions(int count, int rolledBack) {
            transactions = count;
            failed = rolledBack;
            return this;
        }

        Sample sample() {
            return Sample.of(ended, running, transactions, failed);
        }
    }

    /** Half a millisecond in the middle, with a long tail: one in a thousand takes more than ten. */
    private double usual() {
        return 0.5 * Math.exp(random.nextGaussian());
    }

    private Sample healthy(int count) {
        return new Work()
                .statements(count, this::usual)
                .transactions(count / 4, random.nextInt(1 + count / 200))
                .sample();
    }

    private Sample slow(int count, double share) {
        return new Work()
                .statements(count, () -> random.nextDouble() < share ? 40 + usual() : usual())
                .transactions(count / 4, 0)
                .sample();
    }

    private Optional<Trend.Back> stay(Trend in, Phase phase, int windows, int count) {
        for (int i = 0; i < windows; i++) {
            Optional<Trend.Back> back = in.next(phase, healthy(count));
            if (back.isPresent()) {
                return back;
            }
        }
        return Optional.empty();
    }

    @Test
    void threeSlowMeasurementsInARowAreReasonToGoBack() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).hasValueSatisfying(back -> {
            assertThat(back.to()).isEqualTo(Phase.SHADOW_READ);
            assertThat(back.why()).contains("% of the statements take more than", "in shadow-read it was 0.");
        });
    }

    @Test
    void oneGoodMeasurementInBetweenBeginsAnew() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        for (int i = 0; i < 20; i++) {
            assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
            assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
            assertThat(trend.next(Phase.READ_NEW, healthy(1_000))).isEmpty();
        }
    }

    @Test
    void transactionsThatFailAreReasonToGoBack() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        Optional<Trend.Back> back = Optional.empty();
        for (int i = 0; i < 3; i++) {
            back = trend.next(
                    Phase.READ_NEW,
                    new Work().statements(200, this::usual).transactions(50, 10).sample());
        }
        assertThat(back)
                .hasValueSatisfying(
                        found -> assertThat(found.why()).contains("20.0 % of the transactions are rolled back"));
    }

    @Test
    void statementsThatDoNotEndAtAllAreSlow() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        Optional<Trend.Back> back = Optional.empty();
        for (int i = 0; i < 3; i++) {
            back = trend.next(
                    Phase.READ_NEW,
                    new Work().running(25, Duration.ofSeconds(5L * i + 5)).sample());
        }
        assertThat(back).isPresent();
    }

    @Test
    void aPhaseThatWasLeftTooSoonToBeJudgedIsPassedOver() {
        stay(trend, Phase.DUAL_WRITE, 12, 1_000);
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
        for (int i = 0; i < 2; i++) {
            assertThat(trend.next(Phase.NEW_ONLY, slow(1_000, 0.2))).isEmpty();
        }
        assertThat(trend.next(Phase.NEW_ONLY, slow(1_000, 0.2)))
                .hasValueSatisfying(back -> assertThat(back.to()).isEqualTo(Phase.DUAL_WRITE));
    }

    @Test
    void whoGoesUpAgainSoonIsComparedWithWhatWasKnownBefore() {
        stay(trend, Phase.DUAL_WRITE, 12, 1_000);
        stay(trend, Phase.READ_NEW, 2, 1_000);
        // Two of these come right after going back.
        stay(trend, Phase.DUAL_WRITE, 4, 1_000);
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
        assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2)))
                .hasValueSatisfying(back -> assertThat(back.to()).isEqualTo(Phase.DUAL_WRITE));
    }

    @Test
    void aPhaseThatIsNoBetterIsPassedOver() {
        stay(trend, Phase.DUAL_WRITE, 12, 1_000);
        // Two bad ones in a row, never three.
        for (int i = 0; i < 12; i++) {
            trend.next(Phase.READ_NEW, i % 3 == 0 ? healthy(1_000) : slow(1_000, 0.2));
        }
        Optional<Trend.Back> back = Optional.empty();
        for (int i = 0; i < 3; i++) {
            back = trend.next(Phase.NEW_ONLY, slow(1_000, 0.2));
        }
        assertThat(back).hasValueSatisfying(found -> assertThat(found.to()).isEqualTo(Phase.DUAL_WRITE));
    }

    @Test
    void whatWasSlowBeforeTheSwitchIsNoReason() {
        for (int i = 0; i < 12; i++) {
            trend.next(Phase.SHADOW_READ, slow(1_000, 0.2));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.2))).isEmpty();
        }
    }

    @Test
    void withoutAPhaseBeforeThereIsNothingToGoBackTo() {
        for (int i = 0; i < 20; i++) {
            assertThat(trend.next(Phase.READ_NEW, slow(1_000, 0.5))).isEmpty();
        }
    }

    @Test
    void twoSlowStatementsSayNothingHoweverFewThereAre() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        for (int i = 0; i < 40; i++) {
            assertThat(trend.next(Phase.READ_NEW, slow(1, 1))).isEmpty();
        }
    }

    @Test
    void whereStatementsBecomeFewBecauseTheyAreSlowItTakesTwiceAsLong() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        for (int i = 0; i < 5; i++) {
            assertThat(trend.next(Phase.READ_NEW, slow(4, 1))).isEmpty();
        }
        assertThat(trend.next(Phase.READ_NEW, slow(4, 1))).isPresent();
    }

    @Test
    void threeSessionsThatHangAreReasonToGoBack() {
        stay(trend, Phase.SHADOW_READ, 12, 1_000);
        Optional<Trend.Back> back = Optional.empty();
        for (int i = 1; i <= 6; i++) {
            back = trend.next(
                    Phase.READ_NEW,
                    new Work().running(3, Duration.ofSeconds(5L * i)).sample());
        }
        assertThat(back).isPresent();
    }

    @Test
    void theJamRightAfterGoingBackIsNotLookedAt() {
        stay(trend, Phase.OLD_ONLY, 12, 1_000);
        stay(trend, Phase.DUAL_WRITE, 12, 1_000);
        stay(trend, Phase.READ_NEW, 12, 1_000);
        for (int i = 0; i < 4; i++) {
            assertThat(trend.next(Phase.DUAL_WRITE, slow(1_000, 0.2))).isEmpty();
        }
        assertThat(trend.next(Phase.DUAL_WRITE, slow(1_000, 0.2)))
                .as("a jam that does not end is none")
                .hasValueSatisfying(back -> assertThat(back.to()).isEqualTo(Phase.OLD_ONLY));
    }

    /** 500 runs of 60 measurements after the switch: five minutes each. */
    @Test
    void noiseIsNoReason() {
        for (int run = 0; run < RUNS; run++) {
            Trend noisy = new Trend(Limits.DEFAULT);
            int count = 20 + random.nextInt(300);
            stay(noisy, Phase.SHADOW_READ, 6, count);
            for (int i = 0; i < 60; i++) {
                // Now and then everything stops for up to two measurements: a checkpoint, a collection of garbage, a
                // backup.
                boolean stop = i % 10 < random.nextInt(3);
                Sample sample = stop ? slow(count, random.nextDouble()) : healthy(count);
                assertThat(noisy.next(Phase.READ_NEW, sample))
                        .as("run %d, %d", run, i)
                        .isEmpty();
            }
        }
    }

    /** One in 25 always takes long, and of few statements it is now more of them and now fewer. */
    @Test
    void chanceIsNoReasonWhereStatementsAreFew() {
        for (int run = 0; run < RUNS; run++) {
            Trend few = new Trend(Limits.DEFAULT);
            for (int i = 0; i < 4; i++) {
                few.next(Phase.SHADOW_READ, slow(20, 0.04));
            }
            for (int i = 0; i < 60; i++) {
                assertThat(few.next(Phase.READ_NEW, slow(40, 0.04)))
                        .as("run %d, %d", run, i)
                        .isEmpty();
            }
        }
    }

    @Test
    void aTenthOfSlowStatementsIsFoundSoonWhateverTheNoise() {
        for (int run = 0; run < RUNS; run++) {
            Trend noisy = new Trend(Limits.DEFAULT);
            stay(noisy, Phase.SHADOW_READ, 6, 400);
            Optional<Trend.Back> back = Optional.empty();
            int windows = 0;
            while (back.isEmpty()) {
                back = noisy.next(Phase.READ_NEW, slow(400, 0.1));
                windows++;
            }
            // With measurements of five seconds: less than 30 s.
            assertThat(windows).as("run %d", run).isLessThanOrEqualTo(5);
        }
    }
}

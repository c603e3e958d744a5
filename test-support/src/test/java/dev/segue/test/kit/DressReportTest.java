package dev.segue.test.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What a report foretells of more rows. */
class DressReportTest {

    private static final DressReport.Step EXPAND = step("expand", false, 20, 1_000, 0, 0);
    private static final DressReport.Step PASS = step("pass", true, 6_000, 50_000, 9_000, 1_000);
    private static final DressReport.Step ENFORCE = step("enforce", true, 1_000, 4_000, 0, 500);
    private static final DressReport.Step CONTRACT = step("contract", false, 30, 1_000, 0, -2_000);

    private static DressReport.Step step(String name, boolean grows, int millis, long log, long table, long indexes) {
        return new DressReport.Step(
                name,
                grows,
                Duration.ofMillis(millis),
                OptionalLong.of(log),
                table,
                indexes,
                Duration.ofMillis(3),
                Duration.ofMillis(millis / 10));
    }

    private static DressReport report(String server, DressReport.Step pass) {
        return new DressReport(
                "credit",
                server,
                List.of("customer"),
                10_000,
                800_000,
                200_000,
                List.of(EXPAND, pass, ENFORCE, CONTRACT),
                List.of());
    }

    @Test
    void whatWorksByRowTakesInProportionAndSortingALittleMoreAndTheRestWhatItTook() {
        List<DressReport.Step> expected = report("PostgreSQL 18.6", PASS).expected(1_000_000);

        assertThat(expected)
                .extracting(DressReport.Step::time)
                .containsExactly(
                        Duration.ofMillis(20), Duration.ofSeconds(600), Duration.ofSeconds(150), Duration.ofMillis(30));
        assertThat(expected)
                .extracting(step -> step.logBytes().orElseThrow())
                .containsExactly(1_000L, 5_000_000L, 400_000L, 1_000L);
        assertThat(expected).extracting(DressReport.Step::indexBytes).containsExactly(0L, 100_000L, 50_000L, -200_000L);
        assertThat(expected).extracting(DressReport.Step::readWait).containsOnly(Duration.ofMillis(3));
    }

    @Test
    void theRoomIsTheMostThatIsTakenMeanwhileAndOnMySqlTheTableOnceMore() {
        assertThat(report("PostgreSQL 18.6", PASS).room(1_000_000)).isEqualTo(1_050_000);
        assertThat(report("MySQL 8.0.31", PASS).room(1_000_000)).isEqualTo(101_050_000);
    }

    @Test
    void theTextHasASumAndSaysWhenThereWereTooFewRows() {
        assertThat(report("PostgreSQL 18.6", PASS).toString(1_000_000))
                .contains("customer: 10,000 rows, 800 kB, and 200 kB of indexes")
                .containsPattern("pass +6.0 s +1,667 +50 kB +.9.0 kB +.1.0 kB +3 ms +600 ms")
                .containsPattern("all +7.1 s +56 kB +.9.0 kB +-500 B +3 ms +600 ms")
                .containsPattern("pass +10 min 0 s +1,667 +5.0 MB")
                .contains("Keep 1.1 MB free")
                .doesNotContain("take more rows")
                .doesNotContain("does not come to its end");
        assertThat(report("PostgreSQL 18.6", step("pass", true, 400, 1, 1, 1)).toString(1_000_000))
                .contains("take more rows");
    }

    @Test
    void whereTheLogIsNotToldNothingIsSaidOfIt() {
        DressReport.Step untold = new DressReport.Step(
                "pass", true, Duration.ofSeconds(6), OptionalLong.empty(), 0, 0, Duration.ZERO, Duration.ZERO);

        assertThat(report("MySQL 8.0.31", untold).toString())
                .containsPattern("pass .* \\? ")
                .containsPattern("all .* \\? ");
    }
}

package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWindowTest {

    private static boolean within(String window, String instant) {
        return TimeWindow.parse(window).contains(Instant.parse(instant));
    }

    @Test
    void goesOverMidnight() {
        String night = "22:00-06:00 UTC";

        assertThat(within(night, "2026-11-21T21:59:59Z")).isFalse();
        assertThat(within(night, "2026-11-21T22:00:00Z")).isTrue();
        assertThat(within(night, "2026-11-22T00:00:00Z")).isTrue();
        assertThat(within(night, "2026-11-22T05:59:59Z")).isTrue();
        assertThat(within(night, "2026-11-22T06:00:00Z")).isFalse();
    }

    @Test
    void liesWithinADay() {
        assertThat(within("09:00-17:00 UTC", "2026-11-21T09:00:00Z")).isTrue();
        assertThat(within("09:00-17:00 UTC", "2026-11-21T17:00:00Z")).isFalse();
        assertThat(within("09:00-17:00 UTC", "2026-11-21T03:00:00Z")).isFalse();
    }

    @Test
    void followsTheClocksOfItsZone() {
        String night = "22:00-06:00 Europe/Vienna";

        assertThat(within(night, "2026-07-01T20:00:00Z")).as("summer time").isTrue();
        assertThat(within(night, "2026-12-01T20:59:59Z")).as("winter time").isFalse();
        assertThat(within(night, "2026-12-01T21:00:00Z")).isTrue();
        // 02:30 comes twice in this night.
        assertThat(within("02:00-03:00 Europe/Vienna", "2026-10-25T00:30:00Z")).isTrue();
        assertThat(within("02:00-03:00 Europe/Vienna", "2026-10-25T01:30:00Z")).isTrue();
    }

    @Test
    void isShownAsItIsWritten() {
        assertThat(TimeWindow.parse(" 22:00 - 06:00 Europe/Vienna ")).hasToString("22:00-06:00 Europe/Vienna");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "22:00", "22:00-06:00", "22:00-06:00 Nowhere/Town", "25:00-06:00 UTC", "22:00-22:00 UTC"})
    void saysWhatItDoesNotUnderstand(String text) {
        assertThatThrownBy(() -> TimeWindow.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.segue.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PassLogTest {

    /** Of a clock that begins anywhere, as the real one does. */
    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(15).toNanos());

    private final PassLog log = new PassLog(now::get);

    private void later(int seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void aLineIsDueEveryHalfAMinuteForEachChangeByItself() {
        assertThat(log.isDue("credit")).isFalse();
        later(20);
        assertThat(log.isDue("name")).isFalse();
        later(10);
        assertThat(log.isDue("credit")).isTrue();
        assertThat(log.isDue("credit")).as("another worker's").isFalse();
        assertThat(log.isDue("name")).isFalse();
        later(20);
        assertThat(log.isDue("name")).isTrue();
        assertThat(log.isDue("credit")).isFalse();
        later(10);
        assertThat(log.isDue("credit")).isTrue();
    }
}

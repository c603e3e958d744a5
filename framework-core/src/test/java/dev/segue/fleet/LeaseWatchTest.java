package dev.segue.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock();
    private final LeaseWatch watch = new LeaseWatch(clock);

    private boolean isOver(String node, long renewal) {
        return watch.isOver("change", node, 1, renewal, LEASE);
    }

    @Test
    void isOverAfterALeaseWithoutARenewalAndNotBefore() {
        assertThat(isOver("n1", 1)).isFalse();
        clock.advance(LEASE);
        assertThat(isOver("n1", 1)).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(isOver("n1", 1)).isTrue();
        assertThat(isOver("n1", 2)).as("it has renewed").isFalse();
    }

    @Test
    void aNodeThatCameBackIsWatchedAnew() {
        isOver("n1", 1);
        clock.advance(LEASE.plusMillis(1));
        watch.keepOnly("change", Set.of("n2"));

        assertThat(isOver("n1", 1)).isFalse();
    }

    @Test
    void forgetsNobodyWhoIsRegistered() {
        isOver("n1", 1);
        clock.advance(LEASE.plusMillis(1));
        watch.keepOnly("change", Set.of("n1"));
        watch.keepOnly("another", Set.of());

        assertThat(isOver("n1", 1)).isTrue();
    }
}

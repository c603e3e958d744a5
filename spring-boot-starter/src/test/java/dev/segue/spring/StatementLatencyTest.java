package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Throttle;
import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Phase;
import dev.segue.watch.Measures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatementLatencyTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Measures measures = new Measures();
    private final StatementLatency signal = new StatementLatency(measures::all, Duration.ofMillis(20), nanos::get);

    private double after(Duration time) {
        nanos.addAndGet(time.toNanos());
        return signal.read();
    }

    @Test
    void slowStatementsStopTheWorkAndAreForgottenAfterSomeSeconds() {
        assertThat(signal.read()).as("no statement has run").isZero();
        Measures.Session session = measures.session(new Layout(Map.of("customer-name", Phase.DUAL_WRITE)));
        session.begins();

        await().atMost(Duration.ofSeconds(10)).until(() -> signal.read() >= 20);
        Throttle.Decision decision = new Throttle(List.of(signal), null).ask();
        assertThat(decision.stops()).as("what still runs counts").isTrue();
        assertThat(decision.reason()).startsWith("the time of 99 of 100 statements of the application is ");

        session.ends();
        assertThat(after(Duration.ofSeconds(5))).isGreaterThanOrEqualTo(20);
        assertThat(after(Duration.ofSeconds(11))).isZero();
    }

    @Test
    void oneSlowStatementAmongManyIsNotTheRule() {
        signal.read();
        Measures.Session slow = measures.session(new Layout(Map.of("customer-name", Phase.DUAL_WRITE)));
        Measures.Session quick = measures.session(new Layout(Map.of("customer-name", Phase.READ_NEW)));
        slow.begins();
        await().atMost(Duration.ofSeconds(10)).until(() -> signal.read() >= 20);
        slow.ends();
        for (int i = 0; i < 1_000; i++) {
            quick.begins();
            quick.ends();
        }

        assertThat(signal.read()).isLessThan(20);
    }

    @Test
    void theOtherReaderOfTheMeasurementsMissesNothing() {
        Layout layout = new Layout(Map.of("customer-name", Phase.DUAL_WRITE));
        Measures.Session session = measures.session(layout);
        session.begins();
        session.ends();
        signal.read();

        assertThat(measures.take(layout).latencyMillis()).isPresent();
        assertThat(measures.take(layout).latencyMillis()).isEmpty();
        session.begins();
        session.ends();
        assertThat(signal.read()).isPositive();
    }
}

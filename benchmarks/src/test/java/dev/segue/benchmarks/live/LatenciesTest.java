package dev.segue.benchmarks.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.benchmarks.live.Latencies.Quantile;
import dev.segue.benchmarks.live.Traffic.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    /** One every ten units; the nth takes as many as it says. */
    private static List<Request> requests(long... took) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < took.length; i++) {
            requests.add(new Request(i * 10L, i * 10L + took[i], false));
        }
        return requests;
    }

    @Test
    void ofAHundredRequestsTheLastButOneIsThe99th() {
        Latencies latencies = Latencies.in(
                List.of(new Window(0, 10_000)),
                requests(LongStream.rangeClosed(1, 100).toArray()));

        assertThat(latencies.at(Quantile.P50)).isEqualTo(50);
        assertThat(latencies.at(Quantile.P99)).isEqualTo(99);
        assertThat(latencies.at(Quantile.MAX)).isEqualTo(100);
    }

    @Test
    void aRequestThatIsHeldUpCountsInEveryTimeInWhichItWaits() {
        List<Request> requests = requests(1, 25, 1, 1, 1);

        assertThat(Latencies.in(List.of(new Window(30, 40)), requests).at(Quantile.MAX))
                .isEqualTo(25);
        assertThat(Latencies.in(List.of(new Window(40, 50)), requests).at(Quantile.MAX))
                .isEqualTo(1);
    }

    @Test
    void theCalmIsTakenInPiecesAsLongAsWhatIsHeldAgainstIt() {
        List<Request> requests = requests(1, 2, 9, 3, 4, 5);

        assertThat(Latencies.calm(Quantile.MAX, new Window(0, 60), 20, requests))
                .isEqualTo(5);
        assertThat(Latencies.calm(Quantile.MAX, new Window(0, 60), 100, requests))
                .isEqualTo(9);
    }
}

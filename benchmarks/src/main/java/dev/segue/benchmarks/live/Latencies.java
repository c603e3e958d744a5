package dev.segue.benchmarks.live;

import dev.segue.benchmarks.live.Traffic.Request;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** How long requests have taken, in nanoseconds. Immutable. */
final class Latencies {

    /** Of a hundred or a thousand requests, which one. */
    enum Quantile {
        P50(0.5),
        P99(0.99),
        MAX(1);

        private final double share;

        Quantile(double share) {
            this.share = share;
        }
    }

    private final long[] sorted;

    private Latencies(LongStream nanos) {
        this.sorted = nanos.sorted().toArray();
    }

    /** Of the requests that were under way in one of these times. */
    static Latencies in(List<Window> windows, List<Request> requests) {
        return new Latencies(requests.stream()
                .filter(request -> windows.stream().anyMatch(window -> window.overlaps(request.due(), request.ended())))
                .mapToLong(request -> request.ended() - request.due()));
    }

    /**
     * Of times as long as this one in which nothing else happens: a second has a smaller maximum than a minute.
     *
     * @return the median of all such times in the calm one
     */
    static double calm(Quantile quantile, Window calm, long nanos, List<Request> requests) {
        double[] all = calm.slices(nanos).stream()
                .mapToDouble(slice -> in(List.of(slice), requests).at(quantile))
                .sorted()
                .toArray();
        return all[all.length / 2];
    }

    /** @throws IllegalStateException if there were no requests */
    double at(Quantile quantile) {
        if (sorted.length == 0) {
            throw new IllegalStateException("There was no request to be measured.");
        }
        return sorted[Math.max(0, (int) Math.ceil(quantile.share * sorted.length) - 1)];
    }

    @Override
    public String toString() {
        return Arrays.toString(sorted);
    }
}

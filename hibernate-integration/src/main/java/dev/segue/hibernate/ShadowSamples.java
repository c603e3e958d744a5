package dev.segue.hibernate;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What shadow reads have found since somebody last asked: how many rows that differ, and one of them. Thread-safe. */
final class ShadowSamples implements ShadowReads {

    /** @param first the entity and the key of one row */
    private record Sample(long count, String first) {}

    private final ShadowReads listener;
    private final Map<String, Sample> samples = new ConcurrentHashMap<>();

    ShadowSamples(ShadowReads listener) {
        this.listener = listener;
    }

    @Override
    public void mismatch(String change, String entity, @Nullable Object key) {
        samples.compute(
                change,
                (id, known) -> known == null
                        ? new Sample(1, entity + (key == null ? "" : " " + key))
                        : new Sample(known.count() + 1, known.first()));
        listener.mismatch(change, entity, key);
    }

    Optional<String> take(String change) {
        return Optional.ofNullable(samples.remove(change))
                .map(sample -> sample.count() + " read(s) of rows whose columns differ, such as " + sample.first());
    }
}

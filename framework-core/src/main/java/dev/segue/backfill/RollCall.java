package dev.segue.backfill;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who was there at the last looks and is not any more. A standby whose line is broken is behind, though its primary knows
 * nothing of it; one that has been taken away for good is missed for {@value #MINUTES} minutes and then forgotten.
 * Several may have the same name. For one thread.
 */
final class RollCall {

    private static final int MINUTES = 5;
    private static final long PATIENCE = Duration.ofMinutes(MINUTES).toNanos();

    private record Seen(int number, long at) {}

    private final LongSupplier nanos;
    private final Map<String, Seen> known = new HashMap<>();

    RollCall(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Who is missed, if somebody is.
     *
     * @param present how many of each name there are
     */
    Optional<String> missing(Map<String, Integer> present) {
        long now = nanos.getAsLong();
        present.forEach((name, number) -> known.merge(
                name, new Seen(number, now), (before, seen) -> seen.number() < before.number() ? before : seen));
        Iterator<Map.Entry<String, Seen>> all = known.entrySet().iterator();
        Optional<String> missing = Optional.empty();
        while (all.hasNext()) {
            Map.Entry<String, Seen> each = all.next();
            int number = present.getOrDefault(each.getKey(), 0);
            if (number < each.getValue().number()) {
                if (now - each.getValue().at() < PATIENCE) {
                    missing = Optional.of(each.getKey());
                } else if (number == 0) {
                    all.remove();
                } else {
                    each.setValue(new Seen(number, now));
                }
            }
        }
        return missing;
    }
}

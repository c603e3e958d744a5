package dev.segue.sample.show;

import dev.segue.sample.fleet.Fleet;
import dev.segue.sample.fleet.FleetWatch;
import dev.segue.sample.fleet.Report;
import dev.segue.sample.fleet.ShownChange;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How things stand, in one line.
 *
 * @param state what is worth a line as soon as it is different
 * @param numbers what is different all the time
 */
record StatusLine(String state, String numbers) {

    private static final List<String> STAGES = List.of("expand", "guard", "enforce", "relax", "contract");

    static StatusLine of(ShownChange change, Fleet fleet, FleetWatch watch, Scoreboard scoreboard) {
        StringJoiner state = new StringJoiner(" | ");
        state.add(nodes(change, fleet, watch));
        StringJoiner numbers = new StringJoiner(" | ");
        watch.any(change).ifPresent(report -> {
            Map<String, String> stages = report.stages();
            if (stages != null) {
                state.add(stages(stages));
            }
            state.add(report.isSealed("new") ? "new column proven" : "new column not proven yet");
            Report.Backfill backfill = report.backfill();
            if (backfill != null && "running".equals(backfill.state())) {
                numbers.add(backfill(backfill));
            }
        });
        Scoreboard.Step step = scoreboard.current();
        numbers.add(String.format(
                Locale.ROOT,
                "%,d requests, %d failed, %d wrong | p99 %.0f ms",
                scoreboard.requests(),
                scoreboard.failed(),
                scoreboard.wrongReads(),
                step.p99()));
        return new StatusLine(state.toString(), numbers.toString());
    }

    @Override
    public String toString() {
        return state + " | " + numbers;
    }

    private static String nodes(ShownChange change, Fleet fleet, FleetWatch watch) {
        Map<String, String> nodes = new LinkedHashMap<>();
        fleet.slots().forEach((name, slot) -> nodes.put(name, node(change, slot, watch)));
        return Set.copyOf(nodes.values()).size() == 1
                ? "all nodes " + nodes.values().iterator().next()
                : nodes.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String node(ShownChange change, Fleet.Slot slot, FleetWatch watch) {
        return slot.doing() == Fleet.Doing.SERVING
                ? watch.of(slot.node().backend(), change)
                        .map(Report.Change::phase)
                        .orElse("serving")
                : slot.doing().name().toLowerCase(Locale.ROOT);
    }

    private static String stages(Map<String, String> stages) {
        String known = STAGES.stream()
                .filter(stage -> !"pending".equals(stages.getOrDefault(stage, "pending")))
                .map(stage -> "done".equals(stages.get(stage)) ? stage : stage + " " + stages.get(stage))
                .collect(Collectors.joining(", "));
        return known.isEmpty() ? "schema as it was" : known;
    }

    private static String backfill(Report.Backfill backfill) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d rows filled, %,.0f/s%s%s",
                backfill.rowsDone(),
                backfill.rowsTotal(),
                backfill.rowsPerSecond(),
                left(backfill.timeLeft()),
                backfill.throttle() == null ? "" : ", throttled: " + backfill.throttle());
    }

    private static String left(@Nullable String timeLeft) {
        return timeLeft == null ? "" : ", " + Duration.parse(timeLeft).toSeconds() + " s left";
    }
}

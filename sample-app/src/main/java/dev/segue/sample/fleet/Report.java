package dev.segue.sample.fleet;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a node says at {@code /actuator/segue}, as far as the show looks at it. */
public record Report(String node, List<Change> changes) {

    public record Change(
            String id,
            String phase,
            @Nullable String requested,
            @Nullable List<Held> held,
            @Nullable Map<String, Boolean> sealed,
            @Nullable Map<String, String> stages,
            @Nullable Backfill backfill) {

        public boolean isSealed(String side) {
            return sealed != null && Boolean.TRUE.equals(sealed.get(side));
        }

        public boolean isDone(String stage) {
            return stages != null && "done".equals(stages.get(stage));
        }
    }

    public record Held(
            @Nullable String clause,
            @Nullable String message,
            @Nullable String remedy) {}

    public record Backfill(
            @Nullable String state,
            long rowsDone,
            long rowsTotal,
            double rowsPerSecond,
            @Nullable String timeLeft,
            @Nullable Object throttle) {}

    public Optional<Change> change(ShownChange wanted) {
        return changes.stream().filter(each -> each.id().equals(wanted.id())).findFirst();
    }
}

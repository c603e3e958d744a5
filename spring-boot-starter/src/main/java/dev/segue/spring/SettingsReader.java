package dev.segue.spring;

import dev.segue.ChangeSettings;
import dev.segue.SegueSettings;
import dev.segue.backfill.Pace;
import dev.segue.change.Problem;
import dev.segue.fleet.NodeIdentity;
import dev.segue.lifecycle.Phase;
import dev.segue.schema.LockPatience;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.convert.DurationStyle;

/** Makes settings of properties; what cannot be understood becomes a problem, and the reading goes on. */
final class SettingsReader {

    private final SegueProperties properties;
    private final List<Problem> problems;

    SettingsReader(SegueProperties properties, List<Problem> problems) {
        this.properties = properties;
        this.problems = problems;
    }

    /** @param ids the changes to read; the others are those of other persistence units */
    SegueSettings read(NodeIdentity identity, Set<String> ids) {
        Map<String, ChangeSettings> changes = new LinkedHashMap<>();
        properties.getChanges().forEach((id, change) -> {
            if (ids.contains(id)) {
                changes.put(id, change("segue.changes." + id, change));
            }
        });
        return new SegueSettings(
                identity,
                oneOf("segue.unmet", properties.getUnmet(), SegueSettings.Unmet.values(), SettingsReader::id)
                        .orElse(SegueSettings.Unmet.HOLD),
                properties.getLease(),
                properties.getDrainTimeout(),
                patience(properties.getSchema()),
                schema(properties.getSchema()),
                changes);
    }

    private ChangeSettings change(String where, SegueProperties.Change change) {
        return new ChangeSettings(
                oneOf(where + ".phase", change.getPhase(), Phase.values(), Phase::id)
                        .orElse(Phase.OLD_ONLY),
                change.isContract(),
                change.getContractAfter(),
                change.getShadowFor(),
                oneOf(where + ".guard", change.getGuard(), GuardChoice.values(), SettingsReader::id)
                                .orElse(GuardChoice.TRIGGER)
                        == GuardChoice.TRIGGER,
                pace(where, change.getBackfill()));
    }

    private Pace pace(String where, SegueProperties.Backfill backfill) {
        try {
            return Pace.DEFAULT
                    .withTargetBatchTime(backfill.getTargetBatchTime())
                    .withMaxRowsPerSecond(backfill.getMaxRowsPerSecond())
                    .withWorkers(backfill.getWorkers());
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    where + ".backfill",
                    "target-batch-time %s, max-rows-per-second %d, workers %d"
                            .formatted(
                                    backfill.getTargetBatchTime(),
                                    backfill.getMaxRowsPerSecond(),
                                    backfill.getWorkers()),
                    "There is no such pace: " + e.getMessage() + ".",
                    "Use a target-batch-time above 0 (200ms by default), 0 rows per second or more, and 1 to 64"
                            + " workers."));
            return Pace.DEFAULT;
        }
    }

    private SegueSettings.SchemaWork schema(SegueProperties.Schema schema) {
        boolean external =
                oneOf("segue.schema.execute", schema.getExecute(), ExecuteChoice.values(), SettingsReader::id)
                                .orElse(ExecuteChoice.APPLICATION)
                        == ExecuteChoice.EXTERNAL;
        if (schema.getPassword() != null && schema.getUser() == null) {
            problems.add(new Problem(
                    "segue.schema.password", "(set)", "There is no user to it.", "Set segue.schema.user as well."));
        }
        if (external && schema.getUser() != null) {
            problems.add(new Problem(
                    "segue.schema.user",
                    String.valueOf(schema.getUser()),
                    "Your pipeline changes the schema (segue.schema.execute), so nobody here has to.",
                    "Remove it, or set segue.schema.execute to application."));
        }
        return new SegueSettings.SchemaWork(external, schema.getScripts());
    }

    private LockPatience patience(SegueProperties.Schema schema) {
        String[] bounds = schema.getLockPause().split("\\.\\.", -1);
        try {
            Duration shortest = DurationStyle.detectAndParse(bounds[0].trim());
            Duration longest = DurationStyle.detectAndParse(bounds[bounds.length - 1].trim());
            return new LockPatience(schema.getLockTimeout(), shortest, longest, schema.getLockAttempts());
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    "segue.schema.lock-*",
                    "lock-timeout %s, lock-pause %s, lock-attempts %d"
                            .formatted(schema.getLockTimeout(), schema.getLockPause(), schema.getLockAttempts()),
                    "This is no patience to wait for a lock with: " + e.getMessage() + ".",
                    "Use a positive lock-timeout, a lock-pause such as 5s..30s, and at least one attempt."));
            return LockPatience.DEFAULT;
        }
    }

    private <T> Optional<T> oneOf(String where, String value, T[] choices, Function<T, String> id) {
        Optional<T> found = Arrays.stream(choices)
                .filter(choice -> id.apply(choice).equals(value.trim()))
                .findFirst();
        if (found.isEmpty()) {
            String known = Arrays.stream(choices).map(id).collect(Collectors.joining(", "));
            problems.add(new Problem(where, value, "There is no such value.", "Use one of: " + known + "."));
        }
        return found;
    }

    private static String id(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }

    private enum ExecuteChoice {
        APPLICATION,
        EXTERNAL
    }

    private enum GuardChoice {
        TRIGGER,
        NONE
    }
}

package dev.segue;

import dev.segue.change.Problem;
import dev.segue.fleet.NodeIdentity;
import dev.segue.schema.LockPatience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration says of this node.
 *
 * @param identity who it is
 * @param unmet what to do when the phase asked for is not legal at start
 * @param lease how long the node's registration is valid without a renewal; at least 1 s
 * @param drainTimeout after how long a session that keeps the node from leaving a phase is named
 * @param lockPatience how long one attempt of a schema change waits for its lock, and how often it tries
 * @param schema who runs the statements of the stages
 * @param changes by their ids
 */
public record SegueSettings(
        NodeIdentity identity,
        Unmet unmet,
        Duration lease,
        Duration drainTimeout,
        LockPatience lockPatience,
        SchemaWork schema,
        Map<String, ChangeSettings> changes) {

    /** So many a node may have at least. */
    private static final int WORKERS = 8;

    /**
     * Who runs the statements of the stages.
     *
     * @param external whether a pipeline does; else this process
     * @param scripts where the scripts for the pipeline are written, or null if they are logged
     */
    public record SchemaWork(boolean external, @Nullable Path scripts) {

        /** This process does. */
        public static final SchemaWork OWN = new SchemaWork(false, null);
    }

    /** Settings of a node that changes the schema by itself. */
    public SegueSettings(
            NodeIdentity identity,
            Unmet unmet,
            Duration lease,
            Duration drainTimeout,
            LockPatience lockPatience,
            Map<String, ChangeSettings> changes) {
        this(identity, unmet, lease, drainTimeout, lockPatience, SchemaWork.OWN, changes);
    }

    /** What a node does that may not go where it is told. */
    public enum Unmet {
        /** Starts in a legal phase and walks on when it may. */
        HOLD,
        /** Refuses to start. */
        FAIL
    }

    public SegueSettings {
        changes = Map.copyOf(changes);
    }

    /** How many workers this node may have, over all changes; each needs a connection of its own. */
    public int mostWorkers() {
        return Math.max(WORKERS, configuredWorkers());
    }

    /** Those of them for which no change is configured: operators may want more. */
    int spareWorkers() {
        return mostWorkers() - configuredWorkers();
    }

    private int configuredWorkers() {
        return changes.values().stream()
                .mapToInt(change -> change.pace().workers())
                .sum();
    }

    /** The settings of a change, named or not. */
    public ChangeSettings change(String id) {
        return changes.getOrDefault(id, ChangeSettings.DEFAULT);
    }

    /** What is wrong with the values themselves. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
            problems.add(new Problem(
                    "segue.lease",
                    lease.toString(),
                    "A lease is at least one second.",
                    "Set it to 1s or more; the default is 30s."));
        }
        if (drainTimeout.isNegative()) {
            problems.add(new Problem(
                    "segue.drain-timeout",
                    drainTimeout.toString(),
                    "A duration cannot be negative.",
                    "Set it to 0s or more; the default is 5m."));
        }
        changes.forEach((id, change) -> {
            notNegative(problems, id, "contract-after", change.contractAfter());
            notNegative(problems, id, "shadow-for", change.shadowFor());
        });
        return problems;
    }

    private static void notNegative(List<Problem> problems, String change, String key, Duration value) {
        if (value.isNegative()) {
            problems.add(new Problem(
                    "segue.changes." + change + "." + key,
                    value.toString(),
                    "A duration cannot be negative.",
                    "Set it to 0s or more."));
        }
    }
}

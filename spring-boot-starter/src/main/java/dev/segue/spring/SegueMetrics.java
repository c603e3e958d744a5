package dev.segue.spring;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of the changes, as each node's last round has seen them. What the registry knows (seals, stages, rows, what
 * the guard has caught) every node reports alike: take the maximum over the nodes, not the sum. Their tags are the ids of
 * changes, and names of phases, stages, sides and clauses: a few dozen values in all.
 */
final class SegueMetrics implements MeterBinder {

    private final SegueNodes nodes;

    SegueMetrics(SegueNodes nodes) {
        this.nodes = nodes;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("segue.node.fenced", nodes, all -> all.all().stream().anyMatch(Segue::isFenced) ? 1 : 0)
                .description("1 while this node has lost its lease and can commit nothing")
                .register(registry);
        nodes.each(node -> bind(registry, node));
    }

    private void bind(MeterRegistry registry, Segue node) {
        for (ChangeStatus status : node.status()) {
            bind(new Meters(registry, node, status.change().id()));
        }
    }

    private void bind(Meters meters) {
        meters.gauge(
                "segue.change.phase",
                "phases",
                "0 old-only to 4 new-only",
                s -> s.phase().ordinal());
        meters.gauge(
                "segue.change.requested",
                "phases",
                "where this node is told to go, as segue.change.phase",
                s -> s.requested().ordinal());
        meters.gauge(
                "segue.change.epoch",
                null,
                "raised whenever a seal is voided",
                s -> s.record().situation().epoch());
        for (Clause clause : Clause.values()) {
            meters.with("clause", clause.id())
                    .gauge(
                            "segue.change.held",
                            "reasons",
                            "what keeps this node from going on",
                            s -> s.held().stream()
                                    .filter(held -> held.clause() == clause)
                                    .count());
        }
        for (Stage stage : Stage.values()) {
            meters.with("stage", stage.id())
                    .gauge(
                            "segue.change.stage",
                            null,
                            "0 pending, 1 under way, 2 done",
                            s -> progress(s.record().situation().stages().of(stage)));
        }
        for (Side side : Side.values()) {
            meters.with("side", side.name().toLowerCase(java.util.Locale.ROOT))
                    .gauge(
                            "segue.change.sealed",
                            null,
                            "1 while the side is proven",
                            s -> s.record().situation().sealed(side) ? 1 : 0);
        }
        for (Phase phase : Phase.values()) {
            meters.with("phase", phase.id())
                    .gauge(
                            "segue.change.nodes",
                            "nodes",
                            "nodes of the fleet in the phase",
                            s -> s.record().situation().participants().stream()
                                    .filter(participant -> participant.phase() == phase)
                                    .count());
        }
        bindRows(meters);
        bindFindings(meters);
    }

    private static void bindRows(Meters meters) {
        meters.gauge(
                "segue.backfill.rows.done",
                "rows",
                "rows that the pass has looked at",
                s -> s.pass().rowsDone());
        meters.gauge(
                "segue.backfill.rows.expected",
                "rows",
                "rows there are, as far as known",
                s -> s.pass().rowsTotal());
        meters.gauge(
                "segue.backfill.rate",
                "rows per second",
                "how fast the pass is now, on all nodes",
                s -> s.pass().rowsPerSecond());
        meters.gauge("segue.backfill.time.left", "seconds", "at that speed; NaN if not known", s -> {
            Duration left = s.pass().timeLeft();
            return left == null ? Double.NaN : left.toMillis() / 1000.0;
        });
        meters.gauge(
                "segue.backfill.speed",
                null,
                "what the throttle lets through: 1 all, 0 nothing",
                s -> s.pass().speed());
        meters.gauge(
                "segue.backfill.rows.quarantined",
                "rows",
                "rows that do not convert",
                s -> s.pass().quarantined());
        meters.gauge(
                "segue.backfill.rows.dirty",
                "rows",
                "rows that the guard has recorded and that wait",
                s -> s.pass().dirty());
    }

    private void bindFindings(Meters meters) {
        meters.gauge(
                "segue.verification.mismatches",
                "rows",
                "rows whose sides differ, by the last comparison",
                s -> s.comparison().map(found -> found.mismatches()).orElse(0L));
        meters.gauge(
                "segue.change.statements",
                "statements",
                "that still name an old column, and are not waived",
                s -> s.sightings().stream()
                        .filter(seen -> seen.waivedBy() == null)
                        .count());
        String change = meters.change();
        FunctionCounter.builder(
                        "segue.guard.hits",
                        meters.node(),
                        node -> Meters.read(node, change, s -> s.record().guardHits()))
                .tags(meters.tags())
                .description("writes: one-sided writes that the guard has caught, by anybody")
                .register(meters.registry());
        FunctionCounter.builder("segue.shadow.mismatches", nodes, all -> all.shadowMismatches(change))
                .tags(meters.tags())
                .description("reads: shadow reads of this node that have found the sides to differ")
                .register(meters.registry());
    }

    private static int progress(Progress progress) {
        return progress == Progress.DONE ? 2 : progress.underWay() ? 1 : 0;
    }

    /** Makes the meters of one change on one node; without the node, which is not kept alive by its meters, they are NaN. */
    private record Meters(MeterRegistry registry, Segue node, String change, Tags tags) {

        Meters(MeterRegistry registry, Segue node, String change) {
            this(registry, node, change, Tags.of("change", change));
        }

        Meters with(String tag, String value) {
            return new Meters(registry, node, change, tags.and(tag, value));
        }

        void gauge(String name, @Nullable String unit, String description, ToDoubleFunction<ChangeStatus> value) {
            String id = change;
            Gauge.builder(name, node, one -> read(one, id, value))
                    .tags(tags)
                    .description(unit == null ? description : unit + ": " + description)
                    .register(registry);
        }

        static double read(Segue one, String change, ToDoubleFunction<ChangeStatus> value) {
            return one.status().stream()
                    .filter(status -> status.change().id().equals(change))
                    .mapToDouble(value)
                    .findFirst()
                    .orElse(Double.NaN);
        }
    }
}

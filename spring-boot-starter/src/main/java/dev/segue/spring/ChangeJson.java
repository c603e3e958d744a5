package dev.segue.spring;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.segue.ChangeSettings;
import dev.segue.ChangeStatus;
import dev.segue.PassStatus;
import dev.segue.Segue;
import dev.segue.backfill.RangeStatus;
import dev.segue.backfill.VerificationStatus;
import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Request;
import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.watch.QueryPlan;
import dev.segue.watch.Sighting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change as the endpoint writes it; the components are the JSON, in this order. */
public record ChangeJson(
        String id,
        String kind,
        String phase,
        String requested,
        String requestedBy,
        List<RequestJson> requests,
        List<HeldJson> held,
        long epoch,
        Map<String, Boolean> sealed,
        Map<String, String> stages,
        List<SiteJson> sites,
        GuardJson guard,
        List<String> drift,
        BackfillJson backfill,
        VerificationJson verification,
        List<NodeJson> nodes,
        @Nullable Instant oldColumnLastSeen,
        List<SightingJson> sightings,
        List<QueryPlanJson> plans,
        long shadowMismatches,
        @Nullable String pausedBy,
        boolean abandoned,
        DropJson drop,
        @Nullable EndJson end) {

    /** Where somebody tells the node to go; the first of them counts. */
    public record RequestJson(
            String phase,
            String source,
            String by,
            @Nullable String why,
            Instant since) {}

    /** What holds the change, and what would lift it. */
    public record HeldJson(String clause, String message, String remedy) {}

    /** A table with its columns before and after. */
    public record SiteJson(
            String table,
            @JsonProperty("old") List<String> oldColumns,
            @JsonProperty("new") List<String> newColumns) {}

    /** The trigger and what it has caught. */
    public record GuardJson(
            String form,
            List<String> directions,
            long hits,
            @Nullable String lastWriter) {}

    /** The pass under way; of its ranges at most 20, those first that are not done. */
    public record BackfillJson(
            String state,
            @Nullable String direction,
            long rowsDone,
            long rowsTotal,
            long rowsPerSecond,
            @Nullable String timeLeft,
            @Nullable String throttle,
            double speed,
            long quarantined,
            long dirty,
            int rangesTotal,
            List<RangeJson> ranges) {}

    /** A part of a table that one node walks at a time. */
    public record RangeJson(
            String site,
            String state,
            long rowsDone,
            long rowsExpected,
            long rowsPerSecond,
            @Nullable String waitingFor,
            @Nullable String node) {}

    /** The comparison of both sides. */
    public record VerificationJson(
            String state,
            long rowsCompared,
            long mismatches,
            @Nullable String throttle,
            @Nullable Instant at) {}

    /** A registered node. */
    public record NodeJson(
            String node,
            String application,
            String version,
            String phase,
            List<String> draining,
            String requested,
            Instant leaseUntil) {}

    /** A statement that names an old column although it is to go; it is waived by its key. */
    public record SightingJson(
            String key,
            String origin,
            String statement,
            String columns,
            String node,
            @Nullable String caller,
            long runs,
            Instant lastSeen,
            @Nullable String waivedBy) {}

    /** What becomes of a statement that depends on old columns when nodes read the new ones; it is waived by its key. */
    public record QueryPlanJson(
            String key,
            String statement,
            String node,
            @Nullable String caller,
            long runs,
            String state,
            String why,
            @Nullable String waivedBy) {}

    /** What the drop of the old columns still waits for: a word, and time in which every node was in {@code new-only}. */
    public record DropJson(boolean permitted, @Nullable String newOnlyFor, String after) {}

    /** The change is over, and what is to be deleted. */
    public record EndJson(String message, String remedy) {}

    /** @param shadowMismatches how many shadow reads have found, on this node, that the sides differ */
    static ChangeJson of(Segue node, ChangeStatus status, long shadowMismatches) {
        ChangeRecord record = status.record();
        Situation situation = record.situation();
        Map<String, String> stages = new LinkedHashMap<>();
        for (Stage stage : Stage.values()) {
            stages.put(stage.id(), situation.stages().of(stage).id());
        }
        Map<String, Boolean> sealed = new LinkedHashMap<>();
        sealed.put("old", situation.sealedOld());
        sealed.put("new", situation.sealedNew());
        return new ChangeJson(
                status.change().id(),
                status.change().kind().id(),
                status.phase().id(),
                status.requested().id(),
                status.requestedBy(),
                status.requests().all().stream().map(ChangeJson::request).toList(),
                status.held().stream()
                        .map(held -> new HeldJson(held.clause().id(), held.message(), held.remedy()))
                        .toList(),
                situation.epoch(),
                sealed,
                stages,
                status.change().sites().stream().map(ChangeJson::site).toList(),
                guard(record),
                status.drift(),
                backfill(status.pass()),
                verification(status.comparison()),
                nodes(record),
                status.oldColumnLastSeen().orElse(null),
                status.sightings().stream().map(ChangeJson::sighting).toList(),
                status.plans().stream().map(ChangeJson::plan).toList(),
                shadowMismatches,
                record.pausedBy(),
                record.abandoned(),
                drop(record, node.settings(record.id())),
                Ending.of(status, node.attributes(record.id())).orElse(null));
    }

    private static DropJson drop(ChangeRecord record, ChangeSettings settings) {
        return new DropJson(
                record.permitsDrop(),
                record.heldFor() == null ? null : record.heldFor().toString(),
                settings.contractAfter().toString());
    }

    private static SightingJson sighting(Sighting seen) {
        return new SightingJson(
                seen.key(),
                seen.origin().id(),
                seen.statement(),
                seen.columns(),
                seen.node(),
                seen.caller(),
                seen.runs(),
                seen.lastSeen(),
                seen.waivedBy());
    }

    private static QueryPlanJson plan(QueryPlan plan) {
        return new QueryPlanJson(
                plan.key(),
                plan.statement(),
                plan.node(),
                plan.caller(),
                plan.runs(),
                plan.state().id(),
                plan.why(),
                plan.waivedBy());
    }

    private static RequestJson request(Request request) {
        return new RequestJson(
                request.phase().id(), request.source().id(), request.by(), request.why(), request.since());
    }

    private static SiteJson site(Site site) {
        return new SiteJson(
                site.table().toString(),
                site.oldColumns().stream().map(Column::name).toList(),
                site.newColumns().stream().map(Column::name).toList());
    }

    private static GuardJson guard(ChangeRecord record) {
        Guard guard = record.situation().guard();
        List<String> directions = new ArrayList<>();
        if (guard.oldToNew()) {
            directions.add(direction(Side.NEW));
        }
        if (guard.newToOld()) {
            directions.add(direction(Side.OLD));
        }
        return new GuardJson(
                guard.form().isJava() ? "java" : guard.form().name().toLowerCase(Locale.ROOT),
                directions,
                record.guardHits(),
                record.guardLastWriter());
    }

    private static VerificationJson verification(Optional<VerificationStatus> comparison) {
        return comparison
                .map(found -> new VerificationJson(
                        found.state().name().toLowerCase(Locale.ROOT),
                        found.rowsCompared(),
                        found.mismatches(),
                        found.waitingFor(),
                        found.finishedAgo() == null ? null : Instant.now().minus(found.finishedAgo())))
                .orElseGet(() -> new VerificationJson("none", 0, 0, null, null));
    }

    private static BackfillJson backfill(PassStatus pass) {
        return new BackfillJson(
                pass.state(),
                pass.side() == null ? null : direction(pass.side()),
                pass.rowsDone(),
                pass.rowsTotal(),
                pass.rowsPerSecond(),
                pass.timeLeft() == null ? null : pass.timeLeft().toString(),
                pass.waitingFor(),
                pass.speed(),
                pass.quarantined(),
                pass.dirty(),
                pass.rangesTotal(),
                pass.ranges().stream().map(ChangeJson::range).toList());
    }

    private static RangeJson range(RangeStatus range) {
        return new RangeJson(
                range.site(),
                range.state().name().toLowerCase(Locale.ROOT),
                range.rowsDone(),
                range.rowsExpected(),
                range.rowsPerSecond(),
                range.waitingFor(),
                range.node());
    }

    private static List<NodeJson> nodes(ChangeRecord record) {
        return record.members().stream()
                .flatMap(member -> record.situation().participant(member.node()).stream()
                        .map(participant -> node(member, participant)))
                .toList();
    }

    private static NodeJson node(ChangeRecord.Member member, Participant participant) {
        return new NodeJson(
                member.node(),
                member.application(),
                member.version(),
                participant.phase().id(),
                participant.draining().asList().stream().map(Phase::id).toList(),
                participant.requested().id(),
                member.leaseUntil());
    }

    private static String direction(Side filled) {
        return filled == Side.NEW ? "old-to-new" : "new-to-old";
    }
}

package dev.segue.spring;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.fleet.JournalLine;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * Where the changes are: {@code GET /actuator/segue}, {@code GET /actuator/segue/{change}} and {@code GET
 * /actuator/segue/{change}/journal}; and what an operator tells the fleet: {@code POST /actuator/segue/{change}}. Only to be
 * read by default: {@code management.endpoint.segue.access=unrestricted} lets operators act.
 */
@Endpoint(id = SegueEndpoint.ID, defaultAccess = Access.READ_ONLY)
public class SegueEndpoint {

    static final String ID = "segue";

    private static final MimeType PLAN = new MimeType("text", "plain", StandardCharsets.UTF_8);
    private static final int MOST_LINES = 500;
    private static final int USUAL_LINES = 100;

    private final SegueNodes nodes;
    private final Supplier<Access> access;

    /** One that says of itself what is so by default. */
    SegueEndpoint(SegueNodes nodes) {
        this(nodes, () -> Access.READ_ONLY);
    }

    /** @param access what callers may do, as the page shows it; it is Spring Boot that keeps others from it */
    SegueEndpoint(SegueNodes nodes, Supplier<Access> access) {
        this.nodes = nodes;
        this.access = access;
    }

    /** All changes of this application, and those that are over and only configured. */
    @ReadOperation
    public Map<String, Object> changes() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("node", nodes.all().stream().map(Segue::node).findFirst().orElse(""));
        all.put("access", access.get().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        all.put("fenced", nodes.all().stream().anyMatch(Segue::isFenced));
        all.put("latencyMillis", latencyMillis());
        all.put(
                "changes",
                nodes.all().stream()
                        .flatMap(node -> node.status().stream().map(status -> json(node, status)))
                        .toList());
        all.put("ended", nodes.ended().stream().map(SegueEndpoint::ended).toList());
        return all;
    }

    /** Of the slowest persistence unit. */
    private @Nullable Double latencyMillis() {
        OptionalDouble slowest = nodes.all().stream()
                .map(Segue::latencyMillis)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
        return slowest.isPresent() ? slowest.getAsDouble() : null;
    }

    private static Map<String, String> ended(String change) {
        return Map.of(
                "id",
                change,
                "message",
                "The change is over, and no entity declares it any more.",
                "remedy",
                "Delete segue.changes." + change + " from the configuration.");
    }

    /** One change, or nothing (404) if there is none of that id. */
    @ReadOperation
    public @Nullable ChangeJson change(@Selector String change) {
        return node(change)
                .flatMap(node -> node.status().stream()
                        .filter(status -> status.change().id().equals(change))
                        .findFirst()
                        .map(status -> json(node, status)))
                .orElse(null);
    }

    /** A line of the journal, as the endpoint writes it. */
    public record LineJson(
            Instant at,
            String node,
            String what,
            @Nullable String from,
            @Nullable String to,
            @Nullable String why) {

        private static LineJson of(JournalLine line) {
            return new LineJson(line.at(), line.node(), line.what(), line.from(), line.to(), line.why());
        }
    }

    /**
     * More of one change.
     *
     * @param part {@code journal}, or {@code plan}: the SQL of all stages, forth and back, as it would run now, as text
     * @param limit of the journal: how many lines at most, the latest first
     * @return nothing (404) if there is no such change or part
     */
    @ReadOperation(produces = {"application/vnd.spring-boot.actuator.v3+json", "application/json", "text/plain"})
    public WebEndpointResponse<Object> part(@Selector String change, @Selector String part, @Nullable Integer limit) {
        Optional<Segue> node = node(change);
        if (node.isEmpty()) {
            return unknown(change);
        }
        try {
            return switch (part) {
                case "journal" -> journal(node.get(), change, limit);
                case "plan" -> new WebEndpointResponse<>(node.get().plan(change).toString(), PLAN);
                default ->
                    new Refusal("There is no '" + part + "' of a change.", "Use journal or plan.")
                            .withStatus(WebEndpointResponse.STATUS_NOT_FOUND);
            };
        } catch (SQLException e) {
            throw new IllegalStateException("The database could not be asked: " + e.getMessage(), e);
        }
    }

    private static WebEndpointResponse<Object> journal(Segue node, String change, @Nullable Integer limit)
            throws SQLException {
        int most = limit == null ? USUAL_LINES : limit;
        if (most < 1 || most > MOST_LINES) {
            return new Refusal(
                            "There is no journal of " + most + " lines.", "Use a limit from 1 to " + MOST_LINES + ".")
                    .withStatus(WebEndpointResponse.STATUS_BAD_REQUEST);
        }
        List<LineJson> lines =
                node.journal(change, most).stream().map(LineJson::of).toList();
        return new WebEndpointResponse<>(Map.of("id", change, "journal", lines));
    }

    /**
     * An operator's action on a change.
     *
     * @param action {@code request} (with a phase), {@code clear-request} (takes back what an operator and the watch have
     *     told the fleet), {@code allow-contract}, {@code abandon}, {@code vouch} (that nobody outside the fleet writes the
     *     table), {@code discard} (values that were set in a new column, so that the way back is open), {@code pause} and
     *     {@code resume} (the work on the rows, on all nodes), {@code retune} (its pace, for all nodes), {@code waive} (one statement that names an old column, or that
     *     loses its index), {@code verify} (compare the sides of all rows soon) or {@code
     *     repair} (the rows that a comparison has found to differ)
     * @param side with {@code repair}: the side to be written, {@code new} or {@code old}
     * @param key with {@code waive}: of the statement
     * @param reason why; may go with {@code request} and {@code abandon}, and is kept and journaled
     * @param targetBatchTime with {@code retune}: how long a batch should take, such as {@code 200ms}; as configured if not
     *     given, and so are the next two
     * @param maxRowsPerSecond with {@code retune}: that no worker exceeds; 0 is without limit
     * @param workers with {@code retune}: over all nodes
     * @return the change as it is after that, or a {@link Refusal} (400, or 404 if there is no such change); then nothing
     *     has been changed
     */
    @WriteOperation
    public WebEndpointResponse<Object> act(
            SecurityContext security,
            @Selector String change,
            @Nullable String action,
            @Nullable String phase,
            @Nullable String side,
            @Nullable String key,
            @Nullable String reason,
            @Nullable String targetBatchTime,
            @Nullable String maxRowsPerSecond,
            @Nullable String workers) {
        Optional<Segue> node = node(change);
        if (node.isEmpty()) {
            return unknown(change);
        }
        String operator = security.getPrincipal() == null
                ? "endpoint"
                : security.getPrincipal().getName();
        try {
            return new Actions(node.get(), operator, change)
                    .run(
                            String.valueOf(action),
                            new Actions.Details(phase, side, key, reason, targetBatchTime, maxRowsPerSecond, workers))
                    .map(refusal -> refusal.withStatus(WebEndpointResponse.STATUS_BAD_REQUEST))
                    .orElseGet(() -> new WebEndpointResponse<>(change(change)));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return new Refusal(String.valueOf(e.getMessage()), "Correct the request; nothing has been changed.")
                    .withStatus(WebEndpointResponse.STATUS_BAD_REQUEST);
        } catch (SQLException e) {
            throw new IllegalStateException("The registry could not be written: " + e.getMessage(), e);
        }
    }

    private ChangeJson json(Segue node, ChangeStatus status) {
        return ChangeJson.of(
                node, status, nodes.shadowMismatches(status.change().id()));
    }

    private static WebEndpointResponse<Object> unknown(String change) {
        return new Refusal("There is no change '" + change + "'.", "Use an id of GET /actuator/segue.")
                .withStatus(WebEndpointResponse.STATUS_NOT_FOUND);
    }

    private Optional<Segue> node(String change) {
        return nodes.all().stream()
                .filter(node -> node.status().stream()
                        .map(ChangeStatus::change)
                        .anyMatch(known -> known.id().equals(change)))
                .findFirst();
    }
}

package dev.segue.spring;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Where the changes are: {@code GET /actuator/segue} and {@code GET /actuator/segue/{change}}. */
@Endpoint(id = "segue")
public class SegueEndpoint {

    private static final List<String> ACTIONS = List.of(
            "request",
            "clear-request",
            "allow-contract",
            "abandon",
            "vouch",
            "discard",
            "pause",
            "resume",
            "verify",
            "repair");
    private static final List<String> WITH_REASON = List.of("request", "abandon");

    private final SegueNodes nodes;

    SegueEndpoint(SegueNodes nodes) {
        this.nodes = nodes;
    }

    /** All changes of this application. */
    @ReadOperation
    public Map<String, Object> changes() {
        List<ChangeStatus> all = statuses();
        String node = nodes.all().stream().map(Segue::node).findFirst().orElse("");
        return Map.of("node", node, "changes", all.stream().map(ChangeJson::of).toList());
    }

    /** One change, or nothing (404) if there is none of that id. */
    @ReadOperation
    public @Nullable ChangeJson change(@Selector String change) {
        return statuses().stream()
                .filter(status -> status.change().id().equals(change))
                .map(ChangeJson::of)
                .findFirst()
                .orElse(null);
    }

    /**
     * The SQL of all stages of a change, forth and back, as it would run now.
     *
     * @param what {@code plan}; there is nothing else (404)
     */
    @ReadOperation(produces = "text/plain;charset=UTF-8")
    public @Nullable String plan(@Selector String change, @Selector String what) throws SQLException {
        for (Segue node : nodes.all()) {
            boolean known = node.status().stream().anyMatch(s -> s.change().id().equals(change));
            if (known && what.equals("plan")) {
                return node.plan(change).toString();
            }
        }
        return null;
    }

    /**
     * An operator's action on a change.
     *
     * @param action {@code request} (with a phase), {@code clear-request} (takes back what an operator and the watch have
     *     told the fleet), {@code allow-contract}, {@code abandon}, {@code vouch} (that nobody outside the fleet writes the
     *     table), {@code discard} (values that were set in a new column, so that the way back is open), {@code pause} and
     *     {@code resume} (the work on the rows, on all nodes), {@code verify} (compare the sides of all rows soon) or {@code
     *     repair} (the rows that a comparison has found to differ)
     * @param side with {@code repair}: the side to be written, {@code new} or {@code old}
     * @param reason why; may go with {@code request} and {@code abandon}, and is kept and journaled
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
            @Nullable String reason) {
        Optional<Segue> node = nodes.all().stream()
                .filter(n -> n.status().stream().anyMatch(s -> s.change().id().equals(change)))
                .findFirst();
        if (node.isEmpty()) {
            return refused(
                    WebEndpointResponse.STATUS_NOT_FOUND,
                    "There is no change '" + change + "'.",
                    "Use an id of GET /actuator/segue.");
        }
        String operator = security.getPrincipal() == null
                ? "endpoint"
                : security.getPrincipal().getName();
        try {
            return act(node.get(), operator, change, String.valueOf(action), phase, side, reason);
        } catch (IllegalArgumentException e) {
            return refused(String.valueOf(e.getMessage()), "Correct the request; nothing has been changed.");
        } catch (IllegalStateException e) {
            return refused(String.valueOf(e.getMessage()), "Nothing has been changed.");
        } catch (SQLException e) {
            throw new IllegalStateException("The registry could not be written: " + e.getMessage(), e);
        }
    }

    private WebEndpointResponse<Object> act(
            Segue node,
            String operator,
            String change,
            String action,
            @Nullable String phase,
            @Nullable String side,
            @Nullable String reason)
            throws SQLException {
        Optional<Phase> to = Phase.of(phase == null ? "" : phase);
        if (!ACTIONS.contains(action)) {
            return refused("There is no action '" + action + "'.", "Use one of " + ACTIONS + ".");
        }
        if (action.equals("request") && to.isEmpty()) {
            return refused(
                    "There is no phase '" + phase + "'.",
                    "Use one of " + Arrays.stream(Phase.values()).map(Phase::id).toList() + ".");
        }
        if (reason != null && !WITH_REASON.contains(action)) {
            return refused("The reason of " + action + " would be lost.", "Give one only with " + WITH_REASON + ".");
        }
        switch (action) {
            case "request" -> node.request(change, to.orElseThrow(), operator, reason);
            case "clear-request" -> node.clearRequests(change, operator);
            case "allow-contract" -> node.allowContract(change, operator);
            case "vouch" -> node.vouch(change, operator);
            case "discard" -> {
                List<Held> held = node.discard(change, operator);
                if (!held.isEmpty()) {
                    return refused(
                            held.stream().map(Held::message).collect(Collectors.joining("; ")) + ".",
                            held.stream().map(Held::remedy).distinct().collect(Collectors.joining("; ")));
                }
            }
            case "pause" -> node.pause(change, operator);
            case "resume" -> node.resume(change, operator);
            case "verify" -> node.verify(change);
            case "repair" -> {
                Optional<Side> target = Arrays.stream(Side.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(side))
                        .findFirst();
                if (target.isEmpty()) {
                    return refused("There is no side '" + side + "'.", "Say which is to be written: new or old.");
                }
                node.repair(change, target.get(), operator);
            }
            case "abandon" -> node.abandon(change, operator, reason);
            default -> throw new IllegalStateException("Nobody does " + action);
        }
        return new WebEndpointResponse<>(change(change));
    }

    /** Why an action has not been taken, and what to do instead. */
    public record Refusal(String message, String remedy) {}

    private static WebEndpointResponse<Object> refused(String message, String remedy) {
        return refused(WebEndpointResponse.STATUS_BAD_REQUEST, message, remedy);
    }

    private static WebEndpointResponse<Object> refused(int status, String message, String remedy) {
        return new WebEndpointResponse<>(new Refusal(message, remedy), status);
    }

    private List<ChangeStatus> statuses() {
        return nodes.all().stream().flatMap(node -> node.status().stream()).toList();
    }
}

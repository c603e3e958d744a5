package dev.segue.spring;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/** Where the changes are: {@code GET /actuator/segue} and {@code GET /actuator/segue/{change}}. */
@Endpoint(id = "segue")
public class SegueEndpoint {

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
     * An operator's action on a change.
     *
     * @param action {@code request} (with a phase), {@code clear-request}, {@code allow-contract},
     *     {@code abandon}, {@code vouch} (that nobody outside the fleet writes the table) or {@code discard} (values that
     *     were set in a new column, so that the way back is open)
     * @throws InvalidEndpointRequestException (400) if there is no such change, action or phase; nothing is changed then
     */
    @WriteOperation
    public @Nullable ChangeJson act(
            SecurityContext security, @Selector String change, String action, @Nullable String phase) {
        Segue node = nodes.all().stream()
                .filter(n -> n.status().stream().anyMatch(s -> s.change().id().equals(change)))
                .findFirst()
                .orElseThrow(
                        () -> refused("There is no change '" + change + "'.", "Use an id of GET /actuator/segue."));
        String operator = security.getPrincipal() == null
                ? "endpoint"
                : security.getPrincipal().getName();
        try {
            switch (action) {
                case "request" -> node.request(change, phase(phase), operator);
                case "clear-request" -> node.request(change, null, operator);
                case "allow-contract" -> node.allowContract(change, operator);
                case "abandon" -> node.abandon(change, operator);
                case "vouch" -> node.vouch(change, operator);
                case "discard" -> discard(node, change, operator);
                default ->
                    throw refused(
                            "There is no action '" + action + "'.",
                            "Use request, clear-request, allow-contract, abandon, vouch or discard.");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The registry could not be written: " + e.getMessage(), e);
        }
        return change(change);
    }

    private static void discard(Segue node, String change, String operator) throws SQLException {
        List<Held> held = node.discard(change, operator);
        if (!held.isEmpty()) {
            throw refused(
                    held.stream().map(Held::message).collect(Collectors.joining("; ")) + ".",
                    held.stream().map(Held::remedy).distinct().collect(Collectors.joining("; ")));
        }
    }

    private static Phase phase(@Nullable String id) {
        return Phase.of(id == null ? "" : id)
                .orElseThrow(() -> refused(
                        "There is no phase '" + id + "'.",
                        "Use one of "
                                + Arrays.stream(Phase.values()).map(Phase::id).toList() + "."));
    }

    private static InvalidEndpointRequestException refused(String message, String remedy) {
        return new InvalidEndpointRequestException(message + " " + remedy, remedy);
    }

    private List<ChangeStatus> statuses() {
        return nodes.all().stream().flatMap(node -> node.status().stream()).toList();
    }
}

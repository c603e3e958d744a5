package dev.segue.sample.fleet;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Asks and tells a node what an operator does, at its actuator endpoint. */
public final class SegueClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final JsonMapper json = JsonMapper.builder()
            .disable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** What the node says, or nothing if it does not answer. */
    public Optional<Report> report(Backend node) {
        HttpRequest request = HttpRequest.newBuilder(node.uri("/actuator/segue"))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = node.http().send(request, BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? Optional.of(json.readValue(response.body(), Report.class))
                    : Optional.empty();
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * Tells one node, and thereby the fleet, what the operator wants.
     *
     * @throws StoppedException if it is refused
     */
    public void tell(Backend node, ShownChange change, Map<String, String> action) {
        HttpRequest request = HttpRequest.newBuilder(node.uri("/actuator/segue/" + change.id()))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(action)))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = node.http().send(request, BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new StoppedException(node.name() + " refused " + action + " for " + change.id() + ": "
                        + response.statusCode() + " " + response.body());
            }
        } catch (IOException e) {
            throw new StoppedException(node.name() + " did not take " + action + " for " + change.id() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("Interrupted while telling " + node.name() + " " + action);
        }
    }
}

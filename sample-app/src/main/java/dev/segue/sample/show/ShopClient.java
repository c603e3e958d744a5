package dev.segue.sample.show;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests through the load balancer, each one once, and keeps the score. Safe for use by several threads. */
final class ShopClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SHOWN = 400;

    private final LoadBalancer balancer;
    private final Scoreboard scoreboard;
    private final JsonMapper json = new JsonMapper();

    ShopClient(LoadBalancer balancer, Scoreboard scoreboard) {
        this.balancer = balancer;
        this.scoreboard = scoreboard;
    }

    <T> Optional<T> get(String path, Class<T> answer) {
        return call("GET", path, null, answer);
    }

    <T> Optional<T> post(String path, @Nullable Object body, Class<T> answer) {
        return call("POST", path, body, answer);
    }

    <T> Optional<T> patch(String path, Object body, Class<T> answer) {
        return call("PATCH", path, body, answer);
    }

    /** The answer, or nothing if the request failed, which is then on the scoreboard. */
    private <T> Optional<T> call(String method, String path, @Nullable Object body, Class<T> answer) {
        String text = body == null ? "" : json.writeValueAsString(body);
        String asked = method + " " + path + " " + text;
        long began = System.nanoTime();
        try (LoadBalancer.Passage passage = balancer.enter()) {
            HttpRequest request = HttpRequest.newBuilder(passage.backend().uri(path))
                    .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(text))
                    .header("Content-Type", "application/json")
                    .timeout(TIMEOUT)
                    .build();
            try {
                HttpResponse<String> response = passage.backend().http().send(request, BodyHandlers.ofString());
                if (response.statusCode() / 100 == 2) {
                    return Optional.of(json.readValue(response.body(), answer));
                }
                scoreboard.failed(asked + " on " + passage.backend().name() + ": " + response.statusCode() + " "
                        + shortened(response.body()));
            } catch (IOException e) {
                scoreboard.failed(asked + " on " + passage.backend().name() + ": " + e);
            }
        } catch (IllegalStateException e) {
            scoreboard.failed(asked + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            scoreboard.failed(asked + ": interrupted");
        } finally {
            scoreboard.answered(System.nanoTime() - began);
        }
        return Optional.empty();
    }

    private static String shortened(String body) {
        return body.length() <= SHOWN ? body : body.substring(0, SHOWN) + "...";
    }
}

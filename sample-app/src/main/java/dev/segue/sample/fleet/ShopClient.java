package dev.segue.sample.fleet;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests through the load balancer, each one once, and tells of each. Safe for use by several threads. */
public final class ShopClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SHOWN = 400;

    private final LoadBalancer balancer;
    private final RequestLog requests;
    private final JsonMapper json = new JsonMapper();

    public ShopClient(LoadBalancer balancer, RequestLog requests) {
        this.balancer = balancer;
        this.requests = requests;
    }

    public <T> Optional<T> get(String path, Class<T> answer) {
        return call("GET", path, null, answer);
    }

    public <T> Optional<T> post(String path, @Nullable Object body, Class<T> answer) {
        return call("POST", path, body, answer);
    }

    public <T> Optional<T> patch(String path, Object body, Class<T> answer) {
        return call("PATCH", path, body, answer);
    }

    /** The answer, or nothing if the request failed, of which the log has heard then. */
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
                failed(passage, began, asked, response.statusCode() + " " + shortened(response.body()));
            } catch (IOException e) {
                failed(passage, began, asked, e.toString());
            } catch (JacksonException e) {
                // Spring MVC takes the end of a connection to MySQL for one of the client's, and answers 200 with
                // nothing.
                failed(passage, began, asked, "an answer that cannot be read: " + e.getOriginalMessage());
            }
        } catch (IllegalStateException e) {
            requests.failed(Optional.empty(), began, asked + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            requests.failed(Optional.empty(), began, asked + ": interrupted");
        } finally {
            requests.answered(System.nanoTime() - began);
        }
        return Optional.empty();
    }

    private void failed(LoadBalancer.Passage passage, long began, String asked, String how) {
        Backend backend = passage.backend();
        requests.failed(Optional.of(backend), began, asked + " on " + backend.name() + ": " + how);
    }

    private static String shortened(String body) {
        return body.length() <= SHOWN ? body : body.substring(0, SHOWN) + "...";
    }
}

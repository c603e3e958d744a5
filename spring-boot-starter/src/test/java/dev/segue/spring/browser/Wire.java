package dev.segue.spring.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The line to a browser, over which commands go and answers and events come. Thread-safe. */
final class Wire implements WebSocket.Listener, AutoCloseable {

    private final JsonMapper json = JsonMapper.builder().build();
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final List<Consumer<JsonNode>> listeners = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();
    private @Nullable WebSocket socket;

    static Wire open(String url) {
        Wire wire = new Wire();
        wire.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), wire)
                .join();
        return wire;
    }

    /** @param listener is told every event, of all tabs */
    void listen(Consumer<JsonNode> listener) {
        listeners.add(listener);
    }

    /**
     * @param session of the tab, or null for the browser itself
     * @return the result
     * @throws IllegalStateException if the browser refuses
     */
    JsonNode ask(@Nullable String session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode command = json.createObjectNode();
        command.put("id", id);
        command.put("method", method);
        command.set("params", json.valueToTree(parameters));
        if (session != null) {
            command.put("sessionId", session);
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        open.put(id, answer);
        WebSocket to = socket;
        if (to == null) {
            throw new IllegalStateException("The line is closed.");
        }
        synchronized (this) {
            to.sendText(command.toString(), true).join();
        }
        JsonNode said = answer.orTimeout(60, TimeUnit.SECONDS).join();
        if (said.has("error")) {
            throw new IllegalStateException(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            JsonNode message = json.readTree(part.toString());
            part.setLength(0);
            CompletableFuture<JsonNode> asked =
                    message.has("id") ? open.remove(message.path("id").asInt()) : null;
            if (asked != null) {
                asked.complete(message);
            } else {
                listeners.forEach(listener -> listener.accept(message));
            }
        }
        from.request(1);
        return null;
    }

    @Override
    public void close() {
        WebSocket now = socket;
        socket = null;
        if (now != null) {
            now.abort();
        }
    }
}

package dev.segue.spring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.Resource;
import tools.jackson.databind.json.JsonMapper;

/** Serves the page under some prefix, with whatever a test wants a node to say. */
final class MadeUpNode implements AutoCloseable {

    private final HttpServer server;
    private final String base;
    private final PageLinks links;
    private final SeguePageEndpoint page;
    private final JsonMapper json = JsonMapper.builder().build();

    final AtomicReference<Map<String, Object>> says = new AtomicReference<>(Map.of());
    final AtomicReference<List<SegueEndpoint.LineJson>> journal = new AtomicReference<>(List.of());
    final AtomicReference<@Nullable Refusal> refuses = new AtomicReference<>();
    /** Each as {@code <path> <content type> <X-Segue> <body>}. */
    final List<String> actions = new CopyOnWriteArrayList<>();
    /** While it is, every request fails. */
    volatile boolean broken;

    /** @param base under which the endpoints are, such as {@code /shop/actuator} */
    MadeUpNode(String base, PageLinks links) throws IOException {
        this.base = base;
        this.links = links;
        this.page = new SeguePageEndpoint(links, () -> CsrfHeader.NONE);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + base + "/" + links.page();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            exchange.getResponseHeaders().set("Content-Security-Policy", PageHeaders.POLICY);
            if (broken) {
                send(exchange, 503, "text/plain", new byte[0]);
            } else if (path.equals(base + "/" + links.page())) {
                send(
                        exchange,
                        Objects.requireNonNull(page.page().getBody()).getBytes(StandardCharsets.UTF_8),
                        page.page());
            } else if (path.startsWith(base + "/" + links.page() + "/")) {
                WebEndpointResponse<Resource> file = page.file(path.substring(path.lastIndexOf('/') + 1));
                if (file == null) {
                    send(exchange, 404, "text/plain", new byte[0]);
                } else {
                    send(exchange, Objects.requireNonNull(file.getBody()).getContentAsByteArray(), file);
                }
            } else if (path.startsWith(base + "/" + links.target())) {
                endpoint(exchange, path.substring((base + "/" + links.target()).length()));
            } else {
                send(exchange, 404, "text/plain", new byte[0]);
            }
        }
    }

    private void endpoint(HttpExchange exchange, String rest) throws IOException {
        Refusal refusal = refuses.get();
        if (exchange.getRequestMethod().equals("POST")) {
            actions.add("%s %s %s %s"
                    .formatted(
                            rest,
                            exchange.getRequestHeaders().getFirst("Content-Type"),
                            exchange.getRequestHeaders().getFirst(WriteGuard.HEADER),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            send(
                    exchange,
                    refusal == null ? 200 : 400,
                    "application/json",
                    bytes(refusal == null ? Map.of() : refusal));
        } else if (rest.endsWith("/plan")) {
            send(exchange, 200, "text/plain", "-- expand\nALTER TABLE customer".getBytes(StandardCharsets.UTF_8));
        } else if (rest.isEmpty()) {
            send(exchange, 200, "application/json", bytes(says.get()));
        } else {
            send(exchange, 200, "application/json", bytes(Map.of("journal", journal.get())));
        }
    }

    private byte[] bytes(@Nullable Object value) {
        return json.writeValueAsBytes(value);
    }

    private static void send(HttpExchange exchange, byte[] body, WebEndpointResponse<?> like) throws IOException {
        send(exchange, like.getStatus(), String.valueOf(like.getContentType()), body);
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try {
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            if (body.length > 0) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package dev.segue.sample.fleet;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * Where one start of one node can be reached. Each start has a client of its own, so that no kept connection leads to
 * the process that had the port before.
 */
public final class Backend {

    private final String name;
    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public Backend(String name, URI base) {
        this.name = name;
        this.base = base;
    }

    public String name() {
        return name;
    }

    public URI uri(String pathAndQuery) {
        return URI.create(base + pathAndQuery);
    }

    public HttpClient http() {
        return http;
    }
}

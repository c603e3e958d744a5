package dev.segue.sample.show;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * Where one start of one node can be reached. Each start has a client of its own, so that no kept connection leads to
 * the process that had the port before.
 */
final class Backend {

    private final String name;
    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Backend(String name, URI base) {
        this.name = name;
        this.base = base;
    }

    String name() {
        return name;
    }

    URI uri(String pathAndQuery) {
        return URI.create(base + pathAndQuery);
    }

    HttpClient http() {
        return http;
    }
}

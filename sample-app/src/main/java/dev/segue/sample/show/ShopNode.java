package dev.segue.sample.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One start of one node: a JVM of its own. */
final class ShopNode {

    private final Process process;
    private final Backend backend;
    private final Path log;

    private ShopNode(Process process, Backend backend, Path log) {
        this.process = process;
        this.backend = backend;
        this.log = log;
    }

    /**
     * @param command of a node, without its own arguments
     */
    static ShopNode start(
            List<String> command, String name, int port, ShopDatabase database, Deployment deployment, Path log) {
        List<String> whole = new ArrayList<>(command);
        whole.add("--server.port=" + port);
        whole.addAll(deployment.arguments());
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // Not in the arguments: any user of the machine may read those.
        builder.environment()
                .putAll(Map.of(
                        "SPRING_DATASOURCE_URL", database.url(),
                        "SPRING_DATASOURCE_USERNAME", database.username(),
                        "SPRING_DATASOURCE_PASSWORD", database.password()));
        try {
            return new ShopNode(builder.start(), new Backend(name, URI.create("http://localhost:" + port)), log);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a JVM for " + name, e);
        }
    }

    Backend backend() {
        return backend;
    }

    /**
     * @throws StoppedException if the node ended or is not ready in time
     */
    void awaitReady(Deadline deadline) {
        deadline.await(backend.name() + " to be ready (its output is in " + log + ")", this::isReady);
    }

    private boolean isReady() {
        requireAlive();
        HttpRequest request = HttpRequest.newBuilder(backend.uri("/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return backend.http().send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * @throws StoppedException if the node has ended by itself
     */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new StoppedException(backend.name() + " ended by itself with status " + process.exitValue()
                    + ". Its output is in " + log + ".");
        }
    }

    /** Asks the node to leave, as an orchestrator does, and waits until it has. */
    void stop(Duration grace) throws InterruptedException {
        end();
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new StoppedException(backend.name() + " did not end within " + grace.toSeconds()
                    + " s of SIGTERM. Its output is in " + log + ".");
        }
    }

    void end() {
        // Not Process.destroy(), which also closes the pipe that tells the node that its parent lives.
        process.toHandle().destroy();
    }

    void killUnlessEnded(Duration patience) {
        try {
            process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

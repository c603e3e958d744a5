package dev.segue.sample.fleet;

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
public final class ShopNode {

    private final Process process;
    private final Backend backend;
    private final int start;
    private final Path log;

    private ShopNode(Process process, Backend backend, int start, Path log) {
        this.start = start;
        this.process = process;
        this.backend = backend;
        this.log = log;
    }

    /**
     * @param command of a node, without its own arguments
     * @param start its number among all starts
     */
    public static ShopNode start(
            List<String> command,
            String name,
            int port,
            ShopDatabase database,
            int start,
            Deployment deployment,
            Path log) {
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
            return new ShopNode(builder.start(), new Backend(name, URI.create("http://localhost:" + port)), start, log);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start a JVM for " + name, e);
        }
    }

    public Backend backend() {
        return backend;
    }

    int start() {
        return start;
    }

    /**
     * @throws StoppedException if the node ended or is not ready in time
     */
    public void awaitReady(Deadline deadline) {
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

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * @throws StoppedException if the node has ended by itself
     */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new StoppedException(backend.name() + " ended by itself with status " + process.exitValue()
                    + ". Its output is in " + log + ".");
        }
    }

    /** Asks the node to leave, as an orchestrator does, and waits until it has. */
    public void stop(Duration grace) throws InterruptedException {
        end();
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new StoppedException(backend.name() + " did not end within " + grace.toSeconds()
                    + " s of SIGTERM. Its output is in " + log + ".");
        }
    }

    public void end() {
        // Not Process.destroy(), which also closes the pipe that tells the node that its parent lives.
        process.toHandle().destroy();
    }

    /** Ends it at once, as the machine under it may; a node that is {@link #pause paused} as well. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops the whole process where it is, as a long garbage collection or a frozen machine does. */
    public void pause() throws InterruptedException {
        signal("STOP");
    }

    /** Lets a paused process go on as if no time had passed. */
    public void resume() throws InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws InterruptedException {
        try {
            int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new StoppedException("Cannot send SIG" + name + " to " + backend.name() + ".");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot send signals to processes", e);
        }
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

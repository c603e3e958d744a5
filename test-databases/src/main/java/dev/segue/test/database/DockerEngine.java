package dev.segue.test.database;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds out at once whether a Docker engine answers.
 *
 * <p>Asked of its socket and not of Testcontainers, which tries for long and reports at length that there is none. An
 * engine that wants TLS or SSH does not count as answering; who has one asks for {@code docker} outright.
 */
final class DockerEngine {

    private static final long LIMIT_MILLIS = 1000;
    private static final byte[] PING =
            "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private DockerEngine() {}

    static boolean answers() {
        // On a thread of its own: a socket that accepts and then says nothing must not hold anything up.
        CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(
                () -> addresses().stream().anyMatch(DockerEngine::answersAt), DockerEngine::startDaemon);
        try {
            return answer.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException none) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void startDaemon(Runnable task) {
        Thread thread = new Thread(task, "docker-ping");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where the environment says it is, else where Linux, a rootless engine and Docker Desktop have it. */
    private static List<SocketAddress> addresses() {
        String host = System.getenv("DOCKER_HOST");
        if (host != null && !host.isBlank()) {
            URI uri = URI.create(host);
            return uri.getHost() == null
                    ? List.of(UnixDomainSocketAddress.of(uri.getPath()))
                    : List.of(new InetSocketAddress(uri.getHost(), uri.getPort()));
        }
        List<Path> sockets = new ArrayList<>();
        sockets.add(Path.of("/var/run/docker.sock"));
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null) {
            sockets.add(Path.of(runtime, "docker.sock"));
        }
        sockets.add(Path.of(System.getProperty("user.home"), ".docker", "run", "docker.sock"));
        return sockets.stream()
                .filter(Files::exists)
                .map(socket -> (SocketAddress) UnixDomainSocketAddress.of(socket))
                .toList();
    }

    private static boolean answersAt(SocketAddress address) {
        try (SocketChannel channel = address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open()) {
            channel.connect(address);
            channel.write(ByteBuffer.wrap(PING));
            ByteBuffer reply = ByteBuffer.allocate(16);
            while (reply.hasRemaining() && channel.read(reply) >= 0) {}
            return new String(reply.array(), StandardCharsets.US_ASCII).contains(" 200");
        } catch (IOException | RuntimeException none) {
            return false;
        }
    }
}

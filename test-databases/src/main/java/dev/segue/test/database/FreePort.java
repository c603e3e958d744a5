package dev.segue.test.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds a TCP port to listen on.
 *
 * <p>Not one the system hands out ({@code new ServerSocket(0)}): those are also given to outgoing connections, one of
 * which could hold the port by the time a stopped server starts on it again.
 */
final class FreePort {

    private static final int LOWEST = 20_000;
    private static final int BEYOND = 30_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    static int find() {
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, BEYOND);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // Another number, then.
            }
        }
        throw new IllegalStateException("No free TCP port between " + LOWEST + " and " + BEYOND);
    }
}

package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

@EachDatabase
class KilledJvmTest {

    private static final String PORT = "port=";

    private final Engine engine;

    KilledJvmTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void takesItsServerWithIt() throws IOException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + ServerKind.PROPERTY + "=embedded",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerHolder.class.getName(),
                        engine.name())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
            int port = output.lines()
                    .filter(line -> line.startsWith(PORT))
                    .mapToInt(line -> Integer.parseInt(line.substring(PORT.length())))
                    .findFirst()
                    .orElseThrow();
            assertThat(listens(port)).isTrue();

            jvm.destroyForcibly();

            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (listens(port)) {
                assertThat(System.nanoTime()).as("the server still listens").isLessThan(deadline);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        } finally {
            jvm.destroyForcibly();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    /** Runs in the JVM that is killed: starts a server and stays. */
    static final class ServerHolder {

        private ServerHolder() {}

        public static void main(String[] engine) throws InterruptedException {
            System.out.println(
                    PORT + DatabaseServers.shared(Engine.valueOf(engine[0])).port());
            Thread.currentThread().join();
        }
    }
}

package dev.segue.spring.browser;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/**
 * A headless Chromium that is installed on this machine: the one that {@code -Dsegue.test.browser} names, or the first of the
 * usual names on the path.
 */
public final class Browser implements AutoCloseable {

    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome");
    private static final List<String> ELSEWHERE = List.of(
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            "/Applications/Chromium.app/Contents/MacOS/Chromium");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path profile;
    private final Wire wire;

    private Browser(Process process, Path profile, Wire wire) {
        this.process = process;
        this.profile = profile;
        this.wire = wire;
    }

    /** @throws IllegalStateException if there is no browser; the message says what to install */
    public static Browser start() throws IOException, InterruptedException {
        Path profile = Files.createTempDirectory("segue-browser");
        Process process = new ProcessBuilder(
                        executable().toString(),
                        "--headless=new",
                        // As root there is no sandbox to be had.
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--force-device-scale-factor=1",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("output").toFile())
                .start();
        try {
            List<String> where = awaitPort(process, profile.resolve("DevToolsActivePort"));
            Wire wire = Wire.open("ws://127.0.0.1:" + where.get(0) + where.get(1));
            return new Browser(process, profile, wire);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static Path executable() {
        String named = System.getProperty("segue.test.browser");
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        Stream<Path> onPath = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
        Optional<Path> found = Stream.concat(onPath, ELSEWHERE.stream().map(Path::of))
                .filter(Files::isExecutable)
                .findFirst();
        return found.orElseThrow(() -> new IllegalStateException(
                "There is no Chromium on this machine. Install it (Debian: apt-get install chromium), name one by"
                        + " -Dsegue.test.browser=/path/to/chrome, or leave out -Pbrowser: then what the page shows"
                        + " and does is not tested."));
    }

    /** The port and the path that the browser writes down once it listens. */
    private static List<String> awaitPort(Process process, Path file) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            if (Files.exists(file) && Files.readAllLines(file).size() == 2) {
                return Files.readAllLines(file);
            }
            if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IllegalStateException(
                "The browser did not start: " + Files.readString(file.resolveSibling("output")));
    }

    /** Opens an empty tab of that size. */
    public Tab open(int width, int height) {
        JsonNode target = wire.ask(null, "Target.createTarget", Map.of("url", "about:blank"));
        JsonNode session = wire.ask(
                null,
                "Target.attachToTarget",
                Map.of("targetId", target.path("targetId").asString(), "flatten", true));
        return new Tab(wire, session.path("sessionId").asString(), width, height);
    }

    @Override
    public void close() throws IOException {
        wire.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
        FileSystemUtils.deleteRecursively(profile);
    }
}

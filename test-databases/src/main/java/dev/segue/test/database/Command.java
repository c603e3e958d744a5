package dev.segue.test.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command that ran to its end.
 *
 * @param exitCode its exit code
 * @param output what it wrote, errors included
 */
record Command(int exitCode, String output) {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** What a shell answers for a command that is not there. */
    private static final int NOT_FOUND = 127;

    boolean succeeded() {
        return exitCode == 0;
    }

    /**
     * Runs a command in a directory. Its output goes through a file: a pipe would stay open for as long as any
     * process it leaves behind.
     */
    static Command run(Path directory, List<String> command) {
        try {
            Path output = Files.createTempFile(directory, "command", ".log");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                if (!waited(process, LIMIT)) {
                    process.destroyForcibly();
                    return new Command(-1, "No end after " + LIMIT.toSeconds() + " s");
                }
                return new Command(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } catch (IOException e) {
                return new Command(NOT_FOUND, String.valueOf(e.getMessage()));
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of a process and says whether it came in time. */
    static boolean waited(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for a database process", e);
        }
    }
}

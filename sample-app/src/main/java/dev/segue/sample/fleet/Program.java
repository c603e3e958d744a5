package dev.segue.sample.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** A program of the shell that plays with a fleet. */
public interface Program {

    /** What the shell is told when the options cannot be understood. */
    int BAD_OPTIONS = 2;

    /**
     * Does what the options say.
     *
     * @return the status for the shell
     * @throws BadOptionsException that names every mistake
     * @throws StoppedException if it cannot go on
     */
    int run(String... options) throws InterruptedException;

    /** Runs it, or prints how it is used if {@code --help} is among the arguments. */
    static int run(Program program, String usage, String... args) {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(usage);
            return 0;
        }
        // A request that fails has failed: the client must not hide it by trying again.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        LoggingSystem.get(Program.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        try {
            return program.run(args);
        } catch (BadOptionsException e) {
            System.err.println(e.getMessage());
            return BAD_OPTIONS;
        } catch (StoppedException e) {
            System.out.println("FAILED: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /**
     * A directory for logs.
     *
     * @param given by the options, or empty for a temporary one
     * @param prefix of the temporary one's name
     */
    static Path logs(Optional<Path> given, String prefix) {
        try {
            return given.isPresent() ? Files.createDirectories(given.get()) : Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a directory for the logs", e);
        }
    }
}

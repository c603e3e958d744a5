package dev.segue.test.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Ends a server whose JVM is gone without having ended it, as after {@code kill -9}.
 *
 * <p>A shell reads from a pipe into which this JVM never writes. The read returns when the JVM no longer exists, for
 * then the system closes the pipe; the shell then ends the server and deletes its directory. Nothing polls, and no
 * process id of the JVM can be mistaken for another's.
 *
 * <p>The holder must keep the instance reachable: collecting it would close the pipe.
 */
final class Watchdog {

    private static final String SCRIPT = """
            trap '' HUP INT
            read -r nothing
            kill -QUIT "$1" || exit 0
            for second in 1 2 3 4 5 6 7 8 9 10; do
              kill -0 "$1" || break
              sleep 1
            done
            kill -KILL "$1"
            rm -rf "$2"
            """;

    private final Process shell;

    private Watchdog(Process shell) {
        this.shell = shell;
    }

    /** Watches over a server process that keeps its data in a directory. */
    static Watchdog over(long server, Path directory) {
        try {
            return new Watchdog(
                    new ProcessBuilder("sh", "-c", SCRIPT, "watchdog", Long.toString(server), directory.toString())
                            .directory(Path.of("/").toFile())
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops watching. To be called before the server ends, since its process id may then be another's. */
    void dismiss() {
        shell.destroyForcibly();
    }
}

package dev.segue.test.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What is unpacked once for each user of a machine and then used by all JVMs.
 *
 * <p>An entry is built under another name and moved to its own when it is complete, so that an entry that is there is
 * whole. A lock on a file keeps a second JVM from building it too.
 */
final class Cache {

    private static final Object LOCK = new Object();

    /** Fills an entry or uses it. */
    interface Step {
        void run(Path directory) throws IOException;
    }

    private Cache() {}

    static Path directory() {
        Path directory =
                Path.of(System.getProperty("java.io.tmpdir"), "segue-databases-" + System.getProperty("user.name"));
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory of an entry, built by the step if it is not there. */
    static Path entry(String name, Step build) {
        Path entry = directory().resolve(name);
        if (!Files.isDirectory(entry)) {
            exclusively(name, cache -> {
                if (Files.isDirectory(entry)) {
                    return;
                }
                Path draft = cache.resolve(name + ".new");
                Directories.delete(draft);
                Files.createDirectory(draft);
                try {
                    build.run(draft);
                    Files.move(draft, entry, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Directories.delete(draft);
                }
            });
        }
        return entry;
    }

    /** Runs a step in the cache's directory while no other thread or JVM runs one of that name. */
    static void exclusively(String name, Step step) {
        Path cache = directory();
        // A lock on a file holds between JVMs only; within one, a second attempt is an error.
        synchronized (LOCK) {
            try (FileChannel channel = FileChannel.open(
                    cache.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Held until the channel closes.
                channel.lock();
                step.run(cache);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

package dev.segue.test.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gives MySQL's server the system libraries it lacks on this machine.
 *
 * <p>The server looks for libraries in its own {@code lib/private} too. So what is missing is put there, from a
 * package that is downloaded and unpacked but not installed; none of it needs root.
 *
 * <ol>
 *   <li>Ask the server for its version. If it answers, nothing is missing.
 *   <li>If it names a library, find it under its newer name, else fetch its package, and ask again.
 * </ol>
 */
final class MySqlLibraries {

    private static final Pattern MISSING = Pattern.compile("shared libraries: (\\S+): cannot open shared object file");

    /** Library and the Debian packages that have it; since the move to 64-bit time one is named differently. */
    private static final Map<String, List<String>> PACKAGES =
            Map.of("libaio.so.1", List.of("libaio1", "libaio1t64"), "libnuma.so.1", List.of("libnuma1"));

    private static final List<Path> SYSTEM_DIRECTORIES =
            List.of(Path.of("/usr/lib/x86_64-linux-gnu"), Path.of("/usr/lib64"), Path.of("/usr/lib"));

    private MySqlLibraries() {}

    /** @throws IllegalStateException if the server cannot run here; the message names the command that would help */
    static void complete(Path home) throws IOException {
        List<String> askVersion = List.of(home.resolve("server/bin/mysqld").toString(), "--no-defaults", "--version");
        Command answer = Command.run(home, askVersion);
        for (int i = 0; i < PACKAGES.size() && !answer.succeeded(); i++) {
            Matcher missing = MISSING.matcher(answer.output());
            if (!missing.find() || !provide(missing.group(1), home)) {
                break;
            }
            answer = Command.run(home, askVersion);
        }
        if (!answer.succeeded()) {
            throw new IllegalStateException("""
                    Embedded MySQL cannot run on this machine:
                    %s
                    On Debian or Ubuntu run: sudo apt-get update && sudo apt-get install -y libaio1 libnuma1
                    (where there is no libaio1: sudo apt-get install -y libaio1t64 libnuma1).
                    On Fedora or RHEL run: sudo dnf install -y libaio numactl-libs
                    Or start Docker and run with -D%s=docker.""".formatted(answer.output().strip(), ServerKind.PROPERTY));
        }
    }

    private static boolean provide(String library, Path home) throws IOException {
        Path target = home.resolve("server/lib/private").resolve(library);
        for (Path directory : SYSTEM_DIRECTORIES) {
            if (copied(library + "t64", directory, target)) {
                return true;
            }
        }
        for (String name : PACKAGES.getOrDefault(library, List.of())) {
            Path unpacked = Files.createDirectory(home.resolve(name));
            try {
                if (fetched(name, unpacked) && copied(library, unpacked, target)) {
                    return true;
                }
            } finally {
                Directories.delete(unpacked);
            }
        }
        return false;
    }

    private static boolean fetched(String name, Path directory) throws IOException {
        if (!Command.run(directory, List.of("apt-get", "download", name)).succeeded()) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            Optional<Path> archive =
                    files.filter(file -> file.toString().endsWith(".deb")).findFirst();
            return archive.isPresent()
                    && Command.run(
                                    directory,
                                    List.of("dpkg", "-x", archive.get().toString(), "."))
                            .succeeded();
        }
    }

    /** Copies the library, whose name in the directory may go on with more digits, to the name that is asked for. */
    private static boolean copied(String library, Path directory, Path target) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.find(
                directory,
                6,
                (file, attributes) -> attributes.isRegularFile()
                        && file.getFileName().toString().startsWith(library))) {
            Optional<Path> found = files.findFirst();
            if (found.isPresent()) {
                Files.copy(found.get(), target);
            }
            return found.isPresent();
        }
    }
}

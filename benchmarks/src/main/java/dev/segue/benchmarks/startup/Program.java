package dev.segue.benchmarks.startup;

import dev.segue.benchmarks.application.App;
import dev.segue.test.database.TestDatabase;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An application with its database, to be started in a process of its own, as it is after a deploy: all classes are loaded
 * and nothing is compiled yet.
 *
 * @param classes the directory of its entities
 * @param enabled whether Segue is
 */
record Program(TestDatabase database, Path classes, boolean enabled) {

    private static final int PATIENCE_MINUTES = 5;

    /**
     * @param nanos from the start of the process until the application was ready
     * @param heap in bytes
     */
    record Start(long nanos, long heap) {}

    Start start() throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process =
                new ProcessBuilder(command()).redirectErrorStream(true).start();
        CompletableFuture<Void> limit = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(PATIENCE_MINUTES, TimeUnit.MINUTES));
        long ready = 0;
        long heap = 0;
        List<String> said = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals(Started.READY)) {
                    ready = System.nanoTime();
                } else if (line.startsWith(Started.HEAP)) {
                    heap = Long.parseLong(line.substring(Started.HEAP.length()));
                } else {
                    said.add(line);
                }
            }
        }
        int status = process.waitFor();
        limit.cancel(false);
        if (status != 0 || ready == 0) {
            throw new IllegalStateException(
                    "The application has not started: status " + status + "\n" + String.join("\n", said));
        }
        return new Start(ready - began, heap);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m"));
        String classPath = System.getProperty("java.class.path");
        if (isOneJar()) {
            command.addAll(List.of(
                    "-Dloader.main=" + Started.class.getName(),
                    "-Dloader.path=" + classes,
                    "-cp",
                    classPath,
                    "org.springframework.boot.loader.launch.PropertiesLauncher"));
        } else {
            command.addAll(List.of("-cp", classPath + File.pathSeparator + classes, Started.class.getName()));
        }
        command.addAll(App.properties(database));
        command.add("segue.enabled=" + enabled);
        return command;
    }

    /** Not from class directories, as in an IDE. */
    private static boolean isOneJar() {
        return Program.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()
                .startsWith("jar:nested:");
    }
}

package dev.segue.benchmarks.application;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Keeps this process, and whatever it starts from now on, to one core. A client and its server that take turns on two cores are
 * two or three times as slow, by chance and for seconds, as on one; of such a difference no ratio of a few per cent can be
 * told.
 *
 * <p>By {@code taskset} of util-linux; where it is not there, everything runs where it likes.
 */
final class OneCore implements AutoCloseable {

    private static final String PID = String.valueOf(ProcessHandle.current().pid());

    private static final int ATTEMPTS = 20;

    private final String before;

    private OneCore(String before) {
        this.before = before;
    }

    static OneCore enter() {
        String cores = "";
        try {
            String said = taskset("-c", "-p", PID);
            cores = said.substring(said.lastIndexOf(' ') + 1).strip();
            tellAll(cores.split("[,-]", 2)[0]);
        } catch (IOException e) {
            System.out.println("Not kept to one core, so the ratios will jump: " + e.getMessage());
        }
        return new OneCore(cores);
    }

    /** A thread that ends while all are told makes it fail half-way; then all are told once more. */
    private static void tellAll(String cores) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                taskset("-a", "-c", "-p", cores, PID);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static String taskset(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("taskset"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), Charset.defaultCharset()).strip();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }

    /** Lets this process use all the cores again that it had. */
    @Override
    public void close() {
        if (before.isEmpty()) {
            return;
        }
        try {
            tellAll(before);
        } catch (IOException e) {
            throw new IllegalStateException("This process is still kept to one core.", e);
        }
    }
}

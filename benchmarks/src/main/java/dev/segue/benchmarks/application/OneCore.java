package dev.segue.benchmarks.application;

import java.io.IOException;
import java.nio.charset.Charset;
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

    private final String before;

    private OneCore(String before) {
        this.before = before;
    }

    static OneCore enter() {
        String cores = "";
        try {
            String said = taskset("-c", "-p", PID);
            cores = said.substring(said.lastIndexOf(' ') + 1).strip();
            taskset("-a", "-c", "-p", cores.split("[,-]", 2)[0], PID);
        } catch (IOException e) {
            System.out.println("Not kept to one core, so the ratios will jump: " + e.getMessage());
        }
        return new OneCore(cores);
    }

    private static String taskset(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "taskset";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
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
            taskset("-a", "-c", "-p", before, PID);
        } catch (IOException e) {
            throw new IllegalStateException("This process is still kept to one core.", e);
        }
    }
}

package dev.segue.sample.fire;

import dev.segue.sample.fleet.BadOptionsException;
import dev.segue.sample.fleet.Installation;
import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.sample.fleet.StoppedException;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/** Plays scenarios, one after the other, and judges each. */
public final class Fire {

    private static final int BAD_OPTIONS = 2;

    private final FireOptions options;
    private final Path logs;
    private final PrintStream out;

    private Fire(FireOptions options, Path logs, PrintStream out) {
        this.options = options;
        this.logs = logs;
        this.out = out;
    }

    /** Plays what is asked for and returns the status for the shell: 0 only if everything went as it must. */
    public static int run(String... args) {
        if (Arrays.asList(args).contains("--help")) {
            System.out.print(FireOptions.USAGE);
            return 0;
        }
        // A request that fails has failed: the client must not hide it by trying again.
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        LoggingSystem.get(Fire.class.getClassLoader()).setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        try {
            FireOptions options = FireOptions.parse(args);
            return new Fire(options, directory(options), System.out).play();
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

    private static Path directory(FireOptions options) {
        try {
            return options.logs().isPresent()
                    ? Files.createDirectories(options.logs().get())
                    : Files.createTempDirectory("segue-fire-");
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a directory for the logs", e);
        }
    }

    private int play() throws InterruptedException {
        out.println("Under fire with --seed=" + options.seed() + "; output of the nodes and logs of the oracle are in "
                + logs);
        List<Outcome> outcomes = new ArrayList<>();
        try (Installation installation = Installation.in(logs.resolve("shop"))) {
            for (Engine engine : options.engines()) {
                try (DatabaseServer server = ShopDatabase.start(engine)) {
                    for (Scenario scenario : Scenarios.of(options)) {
                        outcomes.add(play(scenario, server, installation));
                    }
                }
            }
        }
        options.report().ifPresent(file -> Reliability.write(file, options.seed(), outcomes));
        long bad = outcomes.stream().filter(outcome -> !outcome.isGood()).count();
        out.println(
                bad == 0
                        ? "DONE: " + outcomes.size() + " times under fire, and nobody noticed."
                        : "FAILED: " + bad + " of " + outcomes.size() + " scenarios; --seed=" + options.seed());
        return bad == 0 ? 0 : 1;
    }

    private Outcome play(Scenario scenario, DatabaseServer server, Installation installation)
            throws InterruptedException {
        out.println(scenario.id() + " on " + server.description() + ": " + scenario.title());
        Path place = logs.resolve(server.engine() + "-" + scenario.id());
        try {
            Files.createDirectories(place);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make " + place, e);
        }
        Outcome outcome = new Performance(scenario, server, installation, options, place, out).play();
        out.println("  " + Reliability.line(outcome, options.seed()));
        outcome.complaints().forEach(line -> out.println("  COMPLAINT: " + line));
        outcome.findings().forEach(line -> out.println("  FOUND: " + line));
        if (!outcome.isGood()) {
            out.println("  BAD; see " + place);
        }
        return outcome;
    }
}

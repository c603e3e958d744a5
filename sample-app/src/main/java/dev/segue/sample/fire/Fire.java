package dev.segue.sample.fire;

import dev.segue.sample.fleet.Installation;
import dev.segue.sample.fleet.Program;
import dev.segue.sample.fleet.ShopDatabase;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.Engine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Plays scenarios, one after the other, and judges each. */
public final class Fire {

    private final FireOptions options;
    private final Path logs;
    private final PrintStream out;
    private final long began = System.nanoTime();

    private Fire(FireOptions options, Path logs, PrintStream out) {
        this.options = options;
        this.logs = logs;
        this.out = out;
    }

    /** Plays what is asked for and returns the status for the shell: 0 only if everything went as it must. */
    public static int run(String... args) {
        return Program.run(
                given -> {
                    FireOptions options = FireOptions.parse(given);
                    return new Fire(options, Program.logs(options.logs(), "segue-fire-"), System.out).play();
                },
                FireOptions.USAGE,
                args);
    }

    private int play() throws InterruptedException {
        out.println("Under fire with --seed=" + options.seed() + "; output of the nodes and logs of the oracle are in "
                + logs);
        List<Outcome> outcomes = new ArrayList<>();
        try (Installation installation = Installation.in(logs.resolve("shop"))) {
            for (Engine engine : options.engines()) {
                try (DatabaseServer server = ShopDatabase.start(engine)) {
                    for (Scenario scenario : Scenarios.of(options, engine)) {
                        outcomes.add(play(scenario, server, installation));
                    }
                }
            }
        }
        String played =
                " in " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s; --seed=" + options.seed();
        long bad = outcomes.stream().filter(outcome -> !outcome.isGood()).count();
        out.println(
                bad == 0
                        ? "DONE: " + outcomes.size() + " times under fire, and nobody noticed," + played
                        : "FAILED: " + bad + " of " + outcomes.size() + " scenarios," + played);
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
        options.report().ifPresent(file -> Reliability.write(file, options.seed(), outcome));
        outcome.complaints().forEach(line -> out.println("  COMPLAINT: " + line));
        outcome.findings().forEach(line -> out.println("  FOUND: " + line));
        if (!outcome.isGood()) {
            out.println("  BAD; see " + place);
        }
        return outcome;
    }
}

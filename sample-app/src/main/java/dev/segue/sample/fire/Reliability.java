package dev.segue.sample.fire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of all outcomes, as a page of the documentation. */
final class Reliability {

    private static final String PAGE = """
            # Under fire

            Real nodes of the sample shop, a real database, and what production does to both. Ten shoppers read and write all along. Each
            row has one writer, every write is logged outside the database when it is acknowledged, and the answer that is lost counts as
            either; so it is known what each read may say and what each row must hold in the end. While both columns of a change
            are said to be proven, they are compared twice a second.

            A request may fail only on a node that is killed, stopped or cut off at the time (*excused*). Everything in the last five
            columns but the time must be 0. This page was written by

            ```bash
            %s
            ```

            | what happens | database | requests | writes acknowledged | faults | excused | failed | deadlocks, lock timeouts, error 1412 | lost writes | wrong reads | time |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            %s
            """;

    private static final String PLANTED = """

            The oracle is tried as well: behind the back of a healthy fleet something is broken, and it must be found.

            | what is broken | database | found after | by |
            |---|---|---:|---|
            %s
            """;

    private Reliability() {}

    static void write(Path file, String command, List<Outcome> outcomes) {
        String page = PAGE.formatted(command, lines(outcomes, false));
        if (outcomes.stream().anyMatch(outcome -> outcome.scenario().isPlanted())) {
            page += PLANTED.formatted(lines(outcomes, true));
        }
        try {
            Files.writeString(file, page);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static String lines(List<Outcome> outcomes, boolean planted) {
        return outcomes.stream()
                .filter(outcome -> outcome.scenario().isPlanted() == planted)
                .map(planted ? Reliability::found : Reliability::line)
                .collect(Collectors.joining("\n"));
    }

    static String line(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %,d | %,d | %d | %d | %d | %d | %d | %d | %d s |",
                outcome.scenario().title(),
                outcome.database(),
                outcome.requests(),
                outcome.acknowledged(),
                outcome.faults(),
                outcome.excused(),
                outcome.failed(),
                outcome.contended(),
                outcome.lost(),
                outcome.wrongReads(),
                outcome.took().toSeconds());
    }

    private static String found(Outcome outcome) {
        return "| %s | %s | %s |"
                .formatted(
                        outcome.scenario().title(),
                        outcome.database(),
                        outcome.isGood() ? outcome.findings().get(0) : "never | ");
    }
}

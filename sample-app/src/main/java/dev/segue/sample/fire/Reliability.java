package dev.segue.sample.fire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The tables of all outcomes, as a page of the documentation. A run replaces the lines of what it has played. */
final class Reliability {

    private static final String TABLE = """
            | what happens | database | seed | requests | writes acknowledged | faults | excused | failed | deadlocks, lock timeouts, error 1412 | lost writes | wrong reads | time |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
            """;

    private static final String PLANTED_TABLE = """
            | what is broken | database | seed | found after | as |
            |---|---|---:|---:|---|
            """;

    private static final String PAGE = """
            # Under fire

            Real nodes of the sample shop, real databases, and what production does to both. Ten shoppers read and write all along. Each row
            has one writer, every write is logged outside the database when it is acknowledged, and one whose answer is lost counts as
            either; so it is known what each read may say and what each row must hold in the end. While both columns of a change
            are said to be proven, they are compared twice a second.

            A request may fail only on a node that is killed, stopped or cut off at the time (*excused*), or, under REPEATABLE READ on
            MySQL, with error 1412 where the definition of the table has changed since the transaction took its snapshot. The four columns before the
            time must be 0. Each line is of one run, as `java -jar sample-app/target/segue-sample-app.jar fire --report=docs/reliability.md` writes
            them; `--long` plays everything for longer, `--help` tells how to play one scenario, on one database, with a seed. The seed gives who
            does what to whom, not the milliseconds. A full disk is played as a database that takes no writes. The time is of two cores that
            others used as well, from the first node's start to the last comparison.

            %s
            The oracle is tried as well: something is broken behind the back of a healthy fleet, and it must be found.

            %s""";

    private Reliability() {}

    static void write(Path file, long seed, Outcome outcome) {
        try {
            // In the order of the scenarios, whenever they were played; lines of what is no scenario any more are
            // dropped.
            Map<String, String> lines = new TreeMap<>();
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(line -> place(line).ifPresent(place -> lines.put(place, line)));
            }
            String played = outcome.scenario().isPlanted() ? found(outcome, seed) : line(outcome, seed);
            place(played).ifPresent(place -> lines.put(place, played));
            int columns = cells(TABLE).length;
            Predicate<String> isOfTheFirst = line -> cells(line).length == columns;
            Files.writeString(
                    file,
                    PAGE.formatted(
                            TABLE + those(lines, isOfTheFirst), PLANTED_TABLE + those(lines, isOfTheFirst.negate())));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        }
    }

    private static String those(Map<String, String> lines, Predicate<String> wanted) {
        return lines.values().stream().filter(wanted).map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Of a line that tells of a scenario: one for each scenario and database, of whatever version. */
    private static Optional<String> place(String line) {
        String[] cells = cells(line);
        int scenario = cells.length < 3 ? -1 : Scenarios.titles().indexOf(cells[1].strip());
        return scenario < 0
                ? Optional.empty()
                : Optional.of("%03d %s".formatted(scenario, cells[2].strip().replaceFirst(" .*", "")));
    }

    private static String[] cells(String lines) {
        return lines.lines().findFirst().orElse("").split("\\|", -1);
    }

    static String line(Outcome outcome, long seed) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %,d | %,d | %s | %d | %d | %d | %d | %d | %s |",
                outcome.scenario().title(),
                outcome.database(),
                seed,
                outcome.requests(),
                outcome.acknowledged(),
                faults(outcome),
                outcome.excused(),
                outcome.failed(),
                outcome.contended(),
                outcome.lost(),
                outcome.wrongReads(),
                time(outcome));
    }

    private static String time(Outcome outcome) {
        String time = outcome.took().toSeconds() + " s";
        return outcome.complaints().isEmpty() ? time : "given up after " + time;
    }

    private static String faults(Outcome outcome) {
        return outcome.faults().isEmpty()
                ? "none"
                : outcome.faults().entrySet().stream()
                        .map(kind -> kind.getValue() + " × " + kind.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String found(Outcome outcome, long seed) {
        return "| %s | %s | %d | %s |"
                .formatted(
                        outcome.scenario().title(),
                        outcome.database(),
                        seed,
                        outcome.isGood() ? outcome.findings().get(0) : "never | ");
    }
}

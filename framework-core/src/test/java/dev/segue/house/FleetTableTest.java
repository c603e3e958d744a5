package dev.segue.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table at the top of the README is that of the last runs under fire, a line for each scenario on whatever databases.
 * {@code -Dsegue.readme=write} writes it.
 */
class FleetTableTest {

    private static final String HEADER =
            "| what happens | on | requests | writes acknowledged | faults | failed | lost writes"
                    + " | wrong reads |\n|---|---|---:|---:|---:|---:|---:|---:|\n";

    /** The columns of the page that are added up: requests, writes, faults, failed, lost, wrong. */
    private static final int[] COUNTED = {4, 5, 6, 8, 10, 11};

    private static final Path README = Repository.ROOT.resolve("README.md");

    @Test
    void theReadmeHasTheNumbersOfTheLastRuns() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(HEADER);
        assertThat(begin).as("the table's header in the README").isPositive();
        int end = readme.indexOf("\n\n", begin) + 1;
        String expected = HEADER + lines();
        if ("write".equals(System.getProperty("segue.readme"))) {
            Files.writeString(README, readme.substring(0, begin) + expected + readme.substring(end));
            return;
        }

        assertThat(readme.substring(begin, end)).isEqualTo(expected);
    }

    private static String lines() throws IOException {
        Map<String, List<String[]>> scenarios =
                Files.readAllLines(Repository.ROOT.resolve("docs/reliability.md")).stream()
                        .map(line -> Arrays.stream(line.split("\\|", -1))
                                .map(String::strip)
                                .toArray(String[]::new))
                        .filter(cells -> cells.length == 14 && cells[3].matches("\\d+"))
                        .collect(Collectors.groupingBy(cells -> cells[1], LinkedHashMap::new, Collectors.toList()));
        assertThat(scenarios).isNotEmpty();
        return scenarios.entrySet().stream()
                .map(scenario -> line(scenario.getKey(), scenario.getValue()))
                .collect(Collectors.joining());
    }

    private static String line(String what, List<String[]> runs) {
        String on = String.join(
                ", ",
                runs.stream()
                        .map(cells -> cells[2])
                        .collect(Collectors.toCollection(TreeSet::new))
                        .descendingSet());
        return Arrays.stream(COUNTED)
                .mapToObj(column -> String.format(
                        Locale.ROOT,
                        "%,d",
                        runs.stream().mapToLong(cells -> number(cells[column])).sum()))
                .collect(Collectors.joining(" | ", "| " + what + " | " + on + " | ", " |\n"));
    }

    /** The number in a cell, or how many things are listed there, each kind with its number: {@code 2 × this, 1 × that}. */
    private static long number(String cell) {
        return Arrays.stream(cell.replace(",", cell.contains("×") ? ";" : "").split(";"))
                .map(String::strip)
                .mapToLong(each -> each.equals("none") ? 0 : Long.parseLong(each.replaceFirst(" ×.*", "")))
                .sum();
    }
}

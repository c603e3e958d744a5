package dev.segue.sample.fire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReliabilityTest {

    private final Path page;

    ReliabilityTest(@TempDir Path directory) {
        page = directory.resolve("reliability.md");
    }

    @Test
    void replacesTheLinesOfWhatWasPlayedAndKeepsTheOthers() throws IOException {
        Reliability.write(page, 1, outcome(new OneGoal(), 100));
        Reliability.write(page, 1, outcome(new PlantedZombie(), 5));
        Reliability.write(page, 2, outcome(new OneGoal(), 200));
        Reliability.write(page, 2, outcome(new Killed(3), 300));

        assertThat(Files.readAllLines(page))
                .contains(
                        "| One goal, no deploy: three nodes walk to the contracted schema | PostgreSQL 18.6 | 2 | 200 | 7 | 1 × killed | 0 | 0 | 0 | 0 | 0 | 90 s |")
                .contains("| A node commits although its lease has run out | PostgreSQL 18.6 | 1 | 3 s | wrong read |")
                .noneMatch(line -> line.contains("| 1 | 100 |"))
                .anyMatch(line -> line.contains("kill -9") && line.contains("| 2 | 300 |"));
    }

    @Test
    void dropsLinesOfOtherVersionsAndOfWhatIsPlayedNoMore() throws IOException {
        Files.writeString(page, """
                | One goal, no deploy: three nodes walk to the contracted schema | PostgreSQL 17.11 | 1 | 100 | 7 | none | 0 | 0 | 0 | 0 | 0 | 90 s |
                | Something else | PostgreSQL 18.6 | 1 | 100 | 7 | none | 0 | 0 | 0 | 0 | 0 | 90 s |
                """);

        Reliability.write(page, 2, outcome(new OneGoal(), 200));

        assertThat(Files.readAllLines(page))
                .filteredOn(line -> line.contains("PostgreSQL"))
                .singleElement()
                .asString()
                .contains("| PostgreSQL 18.6 | 2 | 200 |");
    }

    @Test
    void saysWhenAPlantedBugIsNotFound() throws IOException {
        Outcome found = outcome(new PlantedZombie(), 5);
        Outcome missed = new Outcome(
                found.scenario(), "MySQL 8.0.31", 5, 7, Map.of(), 0, 0, 0, 0, 0, found.took(), List.of(), List.of());
        Reliability.write(page, 1, missed);

        assertThat(missed.isGood()).isFalse();
        assertThat(Files.readString(page)).contains("| MySQL 8.0.31 | 1 | never |");
    }

    @Test
    void saysWhenAScenarioHasNotComeToItsEnd() throws IOException {
        Outcome whole = outcome(new OneGoal(), 5);
        Outcome half = new Outcome(
                whole.scenario(),
                "MySQL 8.0.31",
                5,
                7,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                whole.took(),
                List.of("Gave up"),
                List.of());
        Reliability.write(page, 1, half);

        assertThat(Files.readString(page)).contains("| 0 | given up after 90 s |");
    }

    private static Outcome outcome(Scenario scenario, long requests) {
        return new Outcome(
                scenario,
                "PostgreSQL 18.6",
                requests,
                7,
                Map.of("killed", 1),
                0,
                0,
                0,
                0,
                0,
                Duration.ofSeconds(90),
                List.of(),
                scenario.isPlanted() ? List.of("3 s | wrong read") : List.of());
    }
}

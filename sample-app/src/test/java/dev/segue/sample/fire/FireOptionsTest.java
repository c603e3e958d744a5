package dev.segue.sample.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.segue.sample.fleet.BadOptionsException;
import dev.segue.test.database.Engine;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FireOptionsTest {

    @Test
    void playsTheShortScenariosOnBothDatabasesByDefault() {
        FireOptions options = FireOptions.parse();

        assertThat(options.engines()).containsExactly(Engine.values());
        assertThat(Scenarios.of(options, Engine.POSTGRESQL)).isNotEmpty().allMatch(Scenario::isShort);
    }

    @Test
    void playsEverythingWhenThereIsTime() {
        FireOptions options = FireOptions.parse("--long");

        assertThat(options.timeout()).isGreaterThan(FireOptions.parse().timeout());
        assertThat(Scenarios.of(options, Engine.MYSQL)).map(Scenario::id).isEqualTo(Scenarios.ids());
        assertThat(Scenarios.of(options, Engine.POSTGRESQL))
                .map(Scenario::id)
                .contains("killed")
                .doesNotContain("snapshots");
    }

    @Test
    void takesWhatIsGiven() {
        FireOptions options =
                FireOptions.parse("--database=mysql", "--scenario=goal,paused", "--seed=7", "--lease=10s");

        assertThat(options.engines()).containsExactly(Engine.MYSQL);
        assertThat(options.seed()).isEqualTo(7);
        assertThat(options.lease()).isEqualTo(Duration.ofSeconds(10));
        assertThat(Scenarios.of(options, Engine.MYSQL)).map(Scenario::id).containsExactly("goal", "paused");
    }

    @Test
    void namesEveryMistakeAtOnce() {
        assertThatExceptionOfType(BadOptionsException.class)
                .isThrownBy(() -> FireOptions.parse(
                        "--database=oracle", "--scenario=flood", "--seed=x", "--lease=soon", "--exit"))
                .withMessageContaining("--database=oracle is neither postgresql nor mysql.")
                .withMessageContaining("--scenario=flood is none of [deploys, goal,")
                .withMessageContaining("--seed=x is not a whole number.")
                .withMessageContaining("--lease=soon is not a duration")
                .withMessageContaining("Unknown option --exit");
    }
}

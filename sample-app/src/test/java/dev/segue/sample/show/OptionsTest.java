package dev.segue.sample.show;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.segue.sample.fleet.BadOptionsException;
import dev.segue.sample.fleet.Target;
import dev.segue.test.database.Engine;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void startsAnEmbeddedPostgreSqlAndStaysOpenByDefault() {
        Options options = Options.parse();

        assertThat(options.target()).isEqualTo(new Target.Embedded(Engine.POSTGRESQL));
        assertThat(options.exit()).isFalse();
        assertThat(options.requests()).isEqualTo(20_000);
    }

    @Test
    void takesWhatIsGiven() {
        Options options = Options.parse("--database=mysql", "--exit", "--requests=5", "--timeout=90s");

        assertThat(options.target()).isEqualTo(new Target.Embedded(Engine.MYSQL));
        assertThat(options.exit()).isTrue();
        assertThat(options.requests()).isEqualTo(5);
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void takesADatabaseThatIsThere() {
        Options options = Options.parse(
                "--spring.datasource.url=jdbc:mysql://localhost/shop?a=b",
                "--spring.datasource.username=shop",
                "--spring.datasource.password=secret=1");

        assertThat(options.target()).isEqualTo(new Target.Given("jdbc:mysql://localhost/shop?a=b", "shop", "secret=1"));
    }

    @Test
    void namesEveryMistakeAtOnce() {
        assertThatExceptionOfType(BadOptionsException.class)
                .isThrownBy(() -> Options.parse(
                        "--database=oracle", "--exit=maybe", "--requests=-1", "--timeout=soon", "--exti", "node"))
                .withMessageContaining("--database=oracle is neither postgresql nor mysql.")
                .withMessageContaining("--exit=maybe is neither true nor false.")
                .withMessageContaining("--requests=-1 is not a whole number above 0.")
                .withMessageContaining("--timeout=soon is not a duration such as 90s or 10m.")
                .withMessageContaining("Unknown option --exti: see --help.")
                .withMessageContaining("Unknown option node: see --help.");
    }

    @Test
    void refusesTwoDatabases() {
        assertThatExceptionOfType(BadOptionsException.class)
                .isThrownBy(() -> Options.parse("--database=mysql", "--spring.datasource.url=jdbc:h2:mem:shop"))
                .withMessageContaining("give one of the two")
                .withMessageContaining("neither jdbc:postgresql:... nor jdbc:mysql:...");
    }

    @Test
    void refusesAnAccountWithoutADatabase() {
        assertThatExceptionOfType(BadOptionsException.class)
                .isThrownBy(() -> Options.parse("--spring.datasource.username=shop"))
                .withMessageContaining("need --spring.datasource.url");
    }
}

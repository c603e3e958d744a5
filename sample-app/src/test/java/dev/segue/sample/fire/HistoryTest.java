package dev.segue.sample.fire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {

    private final Path file;
    private final History history;

    HistoryTest(@TempDir Path directory) {
        file = directory.resolve("acknowledged.log");
        history = new History(file);
    }

    @BeforeEach
    void oneCustomer() {
        history.found(1, Attribute.NAME, "Ada");
        history.found(1, Attribute.PHONE, null);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void acceptsTheLastAcknowledgedValueAndNoOlderOne() {
        write("Grace");

        assertThat(read("Grace")).isEmpty();
        assertThat(read("Ada"))
                .hasValueSatisfying(
                        complaint -> assertThat(complaint).contains("'Ada'", "NAME of 1, write 1, 'Grace'"));
    }

    @Test
    void acceptsTheOlderValueFromAReadThatBeganBeforeTheAcknowledgement() {
        long began = System.nanoTime();
        write("Grace");

        assertThat(history.read(1, Attribute.NAME, "Ada", began)).isEmpty();
    }

    @Test
    void doesNotAcceptAValueThatNobodyWrote() {
        assertThat(read("ada")).isPresent();
        assertThat(read(null)).isPresent();
        assertThat(history.read(1, Attribute.PHONE, null, System.nanoTime())).isEmpty();
    }

    @Test
    void acceptsEitherValueOfAWriteWhoseAnswerWasLostUntilOneIsSeen() {
        History.Write write = history.begin(1, Attribute.NAME, "Grace");
        history.lost(write);

        assertThat(history.isSettled(1)).isFalse();
        assertThat(read("Ada")).isEmpty();
        assertThat(read("Grace")).isEmpty();
        assertThat(read("Ada")).isPresent();
        assertThat(history.isSettled(1)).isTrue();
    }

    @Test
    void acceptsAValueThatIsOnItsWay() {
        history.begin(1, Attribute.NAME, "Grace");

        assertThat(read("Grace")).isEmpty();
    }

    @Test
    void doesNotJudgeARowThatItDoesNotKnowYet() {
        assertThat(history.read(2, Attribute.NAME, "Eve", System.nanoTime())).isEmpty();
    }

    @Test
    void acceptsTheOlderValueWhereTheDatabaseMayNotHaveHeardOfTheNewer() {
        write("Grace");
        long since = System.nanoTime();
        write("Hedy");
        long asked = System.nanoTime();
        history.doubt(since);

        assertThat(history.isSettled(1)).isFalse();
        assertThat(history.read(1, Attribute.NAME, "Hedy", asked)).isEmpty();
        assertThat(history.isSettled(1)).isFalse();
        assertThat(read("Ada")).isPresent();
        assertThat(read("Grace")).isEmpty();
    }

    @Test
    void writesEachAcknowledgementToItsFileAtOnce() throws IOException {
        write("Grace");

        assertThat(Files.readString(file)).contains("\tacknowledged\t1\tNAME\t1\tGrace");
    }

    private void write(String name) {
        history.acknowledged(history.begin(1, Attribute.NAME, name));
    }

    private Optional<String> read(@Nullable String name) {
        return history.read(1, Attribute.NAME, name, System.nanoTime());
    }
}

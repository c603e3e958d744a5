package dev.segue.sample.fire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.sample.fleet.Backend;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultsTest {

    private static final Backend VICTIM = new Backend("shop-1", URI.create("http://localhost:1"));
    private static final Backend OTHER = new Backend("shop-2", URI.create("http://localhost:2"));

    private final Faults faults = new Faults();
    private final Tally tally;

    FaultsTest(@TempDir Path directory) {
        tally = new Tally(faults, directory.resolve("failures.log"));
    }

    @AfterEach
    void close() {
        tally.close();
    }

    @Test
    void excuseOnlyTheVictimAndOnlyWhatWasOnItsWayMeanwhile() {
        fail(VICTIM);
        Faults.Fault fault = faults.on(VICTIM);
        long began = System.nanoTime();
        fail(VICTIM);
        fail(OTHER);
        fault.close();
        tally.failed(Optional.of(VICTIM), began, "GET /customers/1: 500");
        fail(VICTIM);

        assertThat(tally.excused()).isEqualTo(2);
        assertThat(tally.failed()).isEqualTo(3);
        assertThat(tally.findings()).hasSize(3);
    }

    @Test
    void excuseEverybodyWhileTheDatabaseIsTheVictim() {
        Faults.Fault fault = faults.onAll();
        fail(VICTIM);
        tally.failed(Optional.empty(), System.nanoTime(), "legacy: broken");
        fault.close();

        assertThat(tally.excused()).isEqualTo(2);
        assertThat(tally.failed()).isZero();
        assertThat(tally.hasFindings()).isFalse();
    }

    @Test
    void doNotExcuseADeadlock() {
        faults.onAll();
        tally.failed(Optional.of(OTHER), System.nanoTime(), "500 {\"message\":\"ERROR: deadlock detected\"}");
        tally.failed(
                Optional.of(OTHER),
                System.nanoTime(),
                "500 {\"message\":\"Table definition has changed, please retry transaction\"}");

        assertThat(tally.contended()).isEqualTo(2);
        assertThat(tally.hasFindings()).isTrue();
    }

    private void fail(Backend backend) {
        tally.failed(Optional.of(backend), System.nanoTime(), "GET /customers/1: 500");
    }
}

package dev.segue.sample.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

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
        Faults.Fault fault = faults.on(VICTIM, "killed");
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
        Faults.Fault fault = faults.onAll("cut");
        fail(VICTIM);
        tally.failed(Optional.empty(), System.nanoTime(), "legacy: broken");
        fault.close();

        assertThat(tally.excused()).isEqualTo(2);
        assertThat(tally.failed()).isZero();
        assertThat(tally.findings()).isEmpty();
    }

    @Test
    void doNotExcuseADeadlock() {
        faults.onAll("cut");
        tally.failed(Optional.of(OTHER), System.nanoTime(), "500 {\"message\":\"ERROR: deadlock detected\"}");
        tally.failed(
                Optional.of(OTHER),
                System.nanoTime(),
                "500 {\"message\":\"Table definition has changed, please retry transaction\"}");

        assertThat(tally.contended()).isEqualTo(2);
        assertThat(tally.findings()).isNotEmpty();
        assertThat(tally.firstWrong()).isEmpty();
    }

    @Test
    void areCountedByKind() {
        faults.on(VICTIM, "killed");
        faults.onNobody("slow line");
        faults.on(OTHER, "killed");
        fail(new Backend("shop-3", URI.create("http://localhost:3")));

        assertThat(faults.byKind()).containsExactly(entry("killed", 2), entry("slow line", 1));
        assertThat(tally.failed()).isOne();
    }

    @Test
    void excuseAnOldSnapshotOnlyIfTheTableHasChangedUnderIt() {
        String message = "Table definition has changed, please retry transaction";
        long before = System.nanoTime();
        tally.suspendJudgementOnOldSnapshots();
        tally.failed(Optional.of(OTHER), before, "older: " + message);
        long between = System.nanoTime();
        tally.failed(Optional.of(OTHER), System.nanoTime(), "younger: " + message);

        assertThat(tally.judgeOldSnapshots((from, to) -> from - between < 0)).isOne();
        assertThat(tally.excused()).isOne();
        assertThat(tally.contended()).isOne();
        assertThat(tally.findings()).hasSize(2).allMatch(finding -> finding.contains("younger"));
    }

    private void fail(Backend backend) {
        tally.failed(Optional.of(backend), System.nanoTime(), "GET /customers/1: 500");
    }
}

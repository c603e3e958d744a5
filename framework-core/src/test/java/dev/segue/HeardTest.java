package dev.segue;

import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.fleet.JournalLine;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Phase;
import dev.segue.schema.LockPatience;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who listens to a node hears what it does to its changes, and what is over is known to be over. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class HeardTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Fleet fleet;

    HeardTest(Engine engine) {
        fleet = new Fleet(engine, 100);
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    /** Remembers everything. */
    private static final class Ear implements SegueListener {

        private final ConcurrentLinkedQueue<JournalLine> lines = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<String> spans = new ConcurrentLinkedQueue<>();

        @Override
        public void journaled(JournalLine line) {
            lines.add(line);
        }

        @Override
        public Span begins(Work work, String change, String what) {
            String span = work.id() + " " + what;
            return failure -> spans.add(span + (failure == null ? "" : " failed"));
        }

        private List<String> heard(String what) {
            return lines.stream()
                    .filter(line -> line.what().equals(what))
                    .map(line -> line.from() + " -> " + line.to())
                    .toList();
        }
    }

    @Test
    void everyMoveSealStageAndCompletionIsHeardOnceAndStandsInTheJournal() throws SQLException {
        Ear ear = new Ear();
        Segue node = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
        node.listen(ear);
        node.request(Fleet.CHANGE, Phase.NEW_ONLY, "ann", "the release is out");
        awaitDropped(node);

        await().atMost(LONG).until(() -> ear.heard("stage contract").size() == 2);
        assertThat(ear.heard("moved"))
                .containsExactly("old-only -> dual-write", "dual-write -> read-new", "read-new -> new-only");
        assertThat(ear.heard("sealed")).containsExactly("null -> NEW");
        assertThat(ear.heard("request")).contains("null -> new-only");
        assertThat(ear.heard("stage contract")).containsExactly("pending -> applying", "applying -> done");
        assertThat(ear.spans)
                .contains("stage expand", "stage guard", "stage enforce", "stage relax", "stage contract")
                .contains("switch dual-write", "switch new-only", "batch new", "verify rows");

        List<JournalLine> journal = node.journal(Fleet.CHANGE, 3);
        assertThat(journal).hasSize(3);
        assertThat(journal.get(0).at())
                .isAfterOrEqualTo(journal.get(2).at())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(node.journal(Fleet.CHANGE, 100))
                .anySatisfy(line -> assertThat(line.toString())
                        .isEqualTo("Change " + Fleet.CHANGE
                                + ": request - -> new-only (by operator ann: the release is out)"))
                .allSatisfy(line -> assertThat(line.node()).isEqualTo("n1"));
        assertThatThrownBy(() -> node.journal("no-such-change", 1)).hasMessageContaining("no-such-change");
    }

    @Test
    void whatShadowReadsHaveFoundStandsInTheJournalOnce() throws SQLException {
        ConcurrentLinkedQueue<String> found = new ConcurrentLinkedQueue<>(List.of("2 rows, such as 42"));
        Segue node = fleet.start("n1", Fleet.settings(Phase.DUAL_WRITE), SegueSettings.Unmet.HOLD, new Fleet.Host() {
            @Override
            public Optional<String> differences(String change) {
                return Optional.ofNullable(found.poll());
            }
        });
        awaitPhase(node, Phase.DUAL_WRITE);

        assertThat(node.journal(Fleet.CHANGE, 500))
                .filteredOn(line -> line.what().equals("shadow"))
                .singleElement()
                .satisfies(line -> assertThat(line.why()).isEqualTo("2 rows, such as 42"));
    }

    @Test
    void aListenerThatThrowsOrHangsKeepsTheNodeFromNothing() throws SQLException {
        Segue node = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
        CountDownLatch end = new CountDownLatch(1);
        node.listen(new SegueListener() {
            @Override
            public void journaled(JournalLine line) {
                throw new IllegalStateException("for a test");
            }

            @Override
            public Span begins(Work work, String change, String what) {
                throw new IllegalStateException("for a test");
            }
        });
        Ear ear = new Ear();
        node.listen(ear);
        node.listen(new SegueListener() {
            @Override
            public void journaled(JournalLine line) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        try {
            node.request(Fleet.CHANGE, Phase.READ_NEW, "ann");
            awaitPhase(node, Phase.READ_NEW);
            assertThat(ear.lines).as("told before the one that hangs").hasSize(1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void nobodyHearsOfWhatHasBeenRolledBack() throws SQLException {
        Segue node = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
        assertThat(node.isFenced()).isFalse();
        List<JournalLine> heard = new ArrayList<>();
        Registry registry =
                new Registry(fleet.database.dataSource(), fleet.dialect(), "n2", NodeClock.SYSTEM, heard::add);

        assertThatThrownBy(() -> registry.underLock(Fleet.CHANGE, locked -> {
                    locked.journal("moved", "here", "there", null);
                    throw new IllegalStateException("for a test");
                }))
                .hasMessage("for a test");
        registry.underLock(Fleet.CHANGE, locked -> {
            locked.journal("held", null, null, "a reason");
            return locked.situation();
        });

        assertThat(heard).extracting(JournalLine::what).containsExactly("held");
    }

    private static Segue.Checked check(Fleet fleet, String configured) throws SQLException {
        SegueSettings settings = new SegueSettings(
                new NodeIdentity("n1", "shop", "1"),
                SegueSettings.Unmet.HOLD,
                Fleet.LEASE,
                Duration.ZERO,
                LockPatience.DEFAULT,
                Map.of(configured, Fleet.settings(Phase.NEW_ONLY)));
        return Segue.check(settings, List.of(), List.of(), fleet.database.dataSource());
    }

    @Test
    void aChangeThatIsConfiguredAndNotDeclaredIsAMistakeUntilItIsOver() throws SQLException {
        assertThatThrownBy(() -> check(fleet, Fleet.CHANGE))
                .as("there is no registry yet")
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("No entity declares");
        Segue node = fleet.start("n1", Fleet.settings(Phase.READ_NEW));
        awaitPhase(node, Phase.READ_NEW);
        assertThatThrownBy(() -> check(fleet, Fleet.CHANGE))
                .as("it is under way")
                .isInstanceOf(StartRefusedException.class);

        node.request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");
        awaitDropped(node);

        Segue.Checked checked = check(fleet, Fleet.CHANGE);
        assertThat(checked.ended()).containsExactly(Fleet.CHANGE);
        assertThat(checked.changes()).isEmpty();
        assertThatThrownBy(() -> check(fleet, "customer-fullname"))
                .as("nobody has ever known it")
                .isInstanceOf(StartRefusedException.class);
    }

    @Test
    void aChangeThatWasAbandonedAndTakenBackIsOverToo() throws SQLException {
        Segue node = fleet.start("n1", Fleet.settings(Phase.DUAL_WRITE));
        awaitPhase(node, Phase.DUAL_WRITE);
        node.abandon(Fleet.CHANGE, "ann", null);
        await().atMost(LONG).until(() -> !fleet.columns().contains("full_name"));
        await().atMost(LONG).until(() -> Registry.isOver(fleet.database.dataSource(), Fleet.CHANGE));

        assertThat(check(fleet, Fleet.CHANGE).ended()).containsExactly(Fleet.CHANGE);
        assertThat(node.attributes(Fleet.CHANGE)).containsExactly("Named.fullName");
    }
}

package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitHeld;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.awaitSealed;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.segue.backfill.Pace;
import dev.segue.backfill.Tuning;
import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stages;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What docs/operating.md tells an operator, line by line: each way back that it describes is gone as it says. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class RunbookTest {

    private static final int ROWS = 500;

    private interface Walk {

        void go() throws SQLException;
    }

    private final Engine engine;

    RunbookTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void everyReasonToWaitIsExplained() throws IOException {
        assertThat(firstColumn("## Why it waits, and what to do"))
                .containsExactlyElementsOf(Arrays.stream(Clause.values())
                        .map(clause -> "`" + clause.id() + "`")
                        .toList());
    }

    @TestFactory
    Stream<DynamicTest> everyWayBackIsGoneAsItIsDescribed() throws IOException {
        Map<String, Walk> walks = walks();
        List<String> described = firstColumn("## Going back at each point");
        assertThat(described).containsExactlyElementsOf(walks.keySet());
        return described.stream()
                .map(where -> dynamicTest(where, () -> {
                    Walk walk = walks.get(where);
                    assertThat(walk).isNotNull();
                    walk.go();
                }));
    }

    private static List<String> firstColumn(String heading) throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "operating.md")).stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> line.split("\\|", -1)[1].strip())
                .toList();
    }

    private Map<String, Walk> walks() {
        Map<String, Walk> walks = new LinkedHashMap<>();
        walks.put("anywhere before the drop, for good", this::abandoned);
        walks.put("`dual-write`, `shadow-read`", this::fromWhereEverybodyReadsTheOldColumn);
        walks.put("`read-new`", this::fromReadNew);
        walks.put("`new-only`, with a guard in SQL form", this::fromNewOnlyWithAGuard);
        walks.put("`new-only`, without one", this::fromNewOnlyWithoutAGuard);
        walks.put("`new-only` of an introduced column", this::fromValuesThatWereSetFreely);
        walks.put("the drop is allowed, and has not come yet", this::fromTheHoldTime);
        walks.put("the old column is dropped", this::fromTheEnd);
        return walks;
    }

    private static ChangeSettings goal(Phase phase, boolean guarded) {
        return new ChangeSettings(phase, false, Duration.ofDays(1), Duration.ZERO, guarded, Pace.DEFAULT);
    }

    private Fleet customers() {
        return new Fleet(engine, ROWS);
    }

    private void abandoned() throws SQLException {
        for (Phase from : List.of(Phase.READ_NEW, Phase.NEW_ONLY)) {
            try (Fleet customers = customers()) {
                List<String> before = customers.columns();
                Segue first = customers.start("n1", goal(from, true));
                Segue second = customers.start("n2", goal(from, true));
                awaitPhase(first, from);
                awaitPhase(second, from);

                first.abandon(Fleet.CHANGE, "ann", null);

                awaitUndone(first);
                assertThat(status(second).phase()).isEqualTo(Phase.OLD_ONLY);
                assertThat(customers.columns()).isEqualTo(before);
                assertThatThrownBy(() -> customers.database.execute("INSERT INTO customer (id) VALUES (0)"))
                        .as("the old column is mandatory")
                        .isInstanceOf(IllegalStateException.class);
                customers.database.execute("INSERT INTO customer (id, name) VALUES (0, 'no trigger is left')");
                assertThat(status(first).record().guardHits()).isZero();
                assertThat(name(customers, 2)).isEqualTo("name 2");

                first.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann");
                awaitPhase(second, Phase.DUAL_WRITE);
                awaitSealed(second);
                assertThat(customers.disagreeing()).isZero();
            }
        }
    }

    /** One node, so that nobody else could do meanwhile what is needed to go back. */
    @Test
    void aChangeIsAbandonedInTheMiddleOfAPass() throws SQLException {
        try (Fleet customers = customers()) {
            List<String> before = customers.columns();
            Segue node = inTheMiddleOfAPass(customers);

            node.abandon(Fleet.CHANGE, "ann", null);

            awaitUndone(node);
            assertThat(customers.columns()).isEqualTo(before);
        }
    }

    @Test
    void aPassEndsThatNobodyNeedsAnyMore() throws SQLException {
        try (Fleet customers = customers()) {
            Segue node = inTheMiddleOfAPass(customers);

            node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");

            awaitPhase(node, Phase.OLD_ONLY);
            await().atMost(LONG).until(() -> walked(customers) == 0);
            assertThat(customers.disagreeing()).as("rows that it has left").isPositive();

            node.retune(Fleet.CHANGE, new Tuning(null, 0L, null), "ann");
            node.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann");
            awaitSealed(node);
            assertThat(customers.disagreeing()).isZero();
        }
    }

    /** The whole of it would take more than ten minutes. */
    private static Segue inTheMiddleOfAPass(Fleet customers) throws SQLException {
        ChangeSettings slow = new ChangeSettings(
                Phase.DUAL_WRITE,
                false,
                Duration.ofDays(1),
                Duration.ZERO,
                true,
                new Pace(Duration.ofMillis(20), 1, 50, 1));
        Segue node = customers.start("n1", slow);
        awaitPhase(node, Phase.DUAL_WRITE);
        await().atMost(LONG)
                .until(() -> walked(customers) == 1
                        && customers.database.value("SELECT sum(rows_read) FROM segue_range", Long.class) > 0);
        return node;
    }

    /** Ranges that a worker has. */
    private static long walked(Fleet customers) {
        return customers.database.value(
                "SELECT count(*) FROM segue_range WHERE state = 'open' AND claimed_by IS NOT NULL", Long.class);
    }

    private static void awaitUndone(Segue node) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(
                                status(node).record().situation().stages())
                        .as(() -> status(node).held() + " " + status(node).record())
                        .isEqualTo(Stages.NONE));
    }

    private static String name(Fleet customers, int id) {
        return customers.database.value("SELECT name FROM customer WHERE id = " + id, String.class);
    }

    private static void bringBack(Segue node, Phase to) throws SQLException {
        node.request(Fleet.CHANGE, to, "ann");
        awaitPhase(node, to);
    }

    private void fromWhereEverybodyReadsTheOldColumn() throws SQLException {
        for (Phase from : List.of(Phase.DUAL_WRITE, Phase.SHADOW_READ)) {
            try (Fleet customers = customers()) {
                Segue node = customers.start("n1", goal(from, true));
                awaitPhase(node, from);
                awaitSealed(node);

                bringBack(node, Phase.OLD_ONLY);

                customers.database.execute(
                        "UPDATE customer SET name = 'written in old-only' WHERE id = 2",
                        "INSERT INTO customer (id, name) VALUES (0, 'the new column is not mandatory')");
                assertThat(customers.disagreeing())
                        .as("the guard keeps the new column current")
                        .isZero();
                assertThat(status(node).record().situation().sealed(Side.NEW)).isTrue();
            }
        }
    }

    private void fromReadNew() throws SQLException {
        try (Fleet customers = customers()) {
            Segue node = customers.start("n1", goal(Phase.READ_NEW, true));
            awaitPhase(node, Phase.READ_NEW);
            // As this node writes it.
            customers.database.execute("UPDATE customer SET name = 'in both', full_name = 'in both' WHERE id = 2");
            long passes = passes(customers);

            bringBack(node, Phase.DUAL_WRITE);

            assertThat(name(customers, 2)).isEqualTo("in both");
            assertThat(passes(customers)).as("nothing had to be proven").isEqualTo(passes);
        }
    }

    /** How often a side has been proven. */
    private static long passes(Fleet customers) {
        return customers.database.value("SELECT count(*) FROM segue_journal WHERE what = 'sealed'", Long.class);
    }

    private void fromNewOnlyWithAGuard() throws SQLException {
        try (Fleet customers = customers()) {
            Segue node = customers.start("n1", goal(Phase.NEW_ONLY, true));
            awaitPhase(node, Phase.NEW_ONLY);
            customers.database.execute(
                    "UPDATE customer SET full_name = 'in the new one alone' WHERE id = 2",
                    "INSERT INTO customer (id, full_name) VALUES (0, 'came last')");
            assertThat(customers.disagreeing())
                    .as("the guard keeps the old column current")
                    .isZero();
            long passes = passes(customers);

            bringBack(node, Phase.DUAL_WRITE);

            assertThat(name(customers, 2)).isEqualTo("in the new one alone");
            assertThat(name(customers, 0)).isEqualTo("came last");
            assertThat(passes(customers)).as("nothing had to be proven").isEqualTo(passes);
        }
    }

    /** Also what the table says of a pass that rests: it holds the proof, and with it this way. */
    private void fromNewOnlyWithoutAGuard() throws SQLException {
        try (Fleet customers = customers()) {
            Segue node = customers.start("n1", goal(Phase.NEW_ONLY, false));
            awaitPhase(node, Phase.NEW_ONLY);
            customers.database.execute(
                    "UPDATE customer SET full_name = 'in the new one alone' WHERE id = 2",
                    "INSERT INTO customer (id, full_name) VALUES (0, 'came last')");
            node.pause(Fleet.CHANGE, "ann");

            node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");
            awaitPhase(node, Phase.READ_NEW);
            awaitHeld(node, "ann has paused the work on the rows");
            assertThat(status(node).phase()).isEqualTo(Phase.READ_NEW);

            node.resume(Fleet.CHANGE, "ann");
            awaitPhase(node, Phase.OLD_ONLY);
            assertThat(name(customers, 2)).isEqualTo("in the new one alone");
            assertThat(name(customers, 0)).isEqualTo("came last");
        }
    }

    private void fromValuesThatWereSetFreely() throws SQLException {
        try (Fleet customers = new Fleet(engine, ROWS, IntroducePathTest.SHOUT)) {
            Segue node = customers.start("n1", goal(Phase.NEW_ONLY, true));
            awaitPhase(node, Phase.NEW_ONLY);
            customers.database.execute("UPDATE customer SET shout = 'SET FREELY' WHERE id = 3");

            node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");
            awaitPhase(node, Phase.READ_NEW);
            awaitHeld(node, "nobody has confirmed");
            assertThat(customers.database.value("SELECT shout FROM customer WHERE id = 3", String.class))
                    .as("not given up by going back alone")
                    .isEqualTo("SET FREELY");
            // As soon as the last session that may set it has ended.
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(node.discard(Fleet.CHANGE, "ann")).isEmpty());

            awaitPhase(node, Phase.OLD_ONLY);
            assertThat(customers.database.value("SELECT shout FROM customer WHERE id = 3", String.class))
                    .isEqualTo("NAME 3");
        }
    }

    private void fromTheHoldTime() throws SQLException {
        ChangeSettings soon =
                new ChangeSettings(Phase.NEW_ONLY, true, Duration.ofDays(1), Duration.ZERO, true, Pace.DEFAULT);
        try (Fleet customers = customers()) {
            Segue node = customers.start("n1", soon);
            awaitPhase(node, Phase.NEW_ONLY);
            await().atMost(LONG)
                    .until(() -> engine == Engine.MYSQL
                            ? status(node).record().dryRun() == Progress.DONE
                            : status(node).record().heldFor() != null);
            customers.database.execute("UPDATE customer SET full_name = 'in the new one alone' WHERE id = 2");

            bringBack(node, Phase.READ_NEW);
            bringBack(node, Phase.OLD_ONLY);

            assertThat(name(customers, 2)).isEqualTo("in the new one alone");
            assertThat(customers
                            .database
                            .rows("SELECT * FROM customer WHERE id = 2")
                            .get(0))
                    .as("the column can be seen")
                    .containsKey("name");
        }
    }

    private void fromTheEnd() throws SQLException {
        try (Fleet customers = customers()) {
            Segue node = customers.start("n1", Fleet.settings(Phase.NEW_ONLY));
            awaitDropped(node);

            node.request(Fleet.CHANGE, Phase.READ_NEW, "ann");

            awaitHeld(node, "the drop is final");
            assertThat(status(node).phase()).isEqualTo(Phase.NEW_ONLY);
        }
    }
}

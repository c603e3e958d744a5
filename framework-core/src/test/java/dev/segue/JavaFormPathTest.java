package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Pace;
import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Situation;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes walk a column through its life by a conversion that exists only in Java: full names are names in brackets. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class JavaFormPathTest {

    private final Fleet fleet;

    JavaFormPathTest(Engine engine) {
        fleet = new Fleet(engine, 3_000, Fleet.declaration(Fleet.BRACKETS));
    }

    @AfterEach
    void close() {
        fleet.close();
    }

    private static void awaitSituation(Segue node, Consumer<Situation> asserted) {
        await().atMost(LONG)
                .untilAsserted(() -> asserted.accept(status(node).record().situation()));
    }

    @Test
    void twoNodesWalkFromTheOldColumnToTheNewAndDropIt() throws SQLException {
        Segue first = fleet.start("n1", Fleet.settings(Phase.NEW_ONLY));
        Segue second = fleet.start("n2", Fleet.settings(Phase.NEW_ONLY));

        vouchWhereTheGuardIsBlind(first);
        for (Segue node : List.of(first, second)) {
            awaitDropped(node);
        }

        assertThat(fleet.columns()).contains("full_name").doesNotContain("name");
        assertThat(fleet.database.value("SELECT full_name FROM customer WHERE id = 2711", String.class))
                .isEqualTo("<name 2711>");
        assertThat(fleet.database.value(
                        "SELECT count(*) FROM customer WHERE full_name IS NULL OR full_name NOT LIKE '<name %>'",
                        Long.class))
                .isZero();
    }

    @Test
    void aWriterFromOutsideIsWaitedForThenRefusedAndWritesAgainOnTheWayBack() throws SQLException {
        Segue node = fleet.start("n1", Fleet.settings(Phase.READ_NEW));
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            write("name = concat(name, '!') WHERE id = 1");
            assertThat(status(node).held())
                    .anySatisfy(held -> assertThat(held.message()).contains("from the proof of the new ones on"));
        });
        Situation waiting = status(node).record().situation();
        assertThat(waiting.sealedNew()).isFalse();
        assertThat(waiting.guard().refusal()).isEqualTo(Progress.PENDING);

        awaitPhase(node, Phase.READ_NEW);
        assertThat(fleet.notInBrackets()).isZero();
        assertThatThrownBy(() -> write("name = 'unheard of' WHERE id = 2"))
                .hasStackTraceContaining(Fleet.CHANGE)
                .isInstanceOf(IllegalStateException.class);

        node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");
        awaitPhase(node, Phase.OLD_ONLY);
        write("name = 'heard again' WHERE id = 2");
        awaitSituation(node, s -> assertThat(s.guard().refusal()).isEqualTo(Progress.PENDING));
        assertThat(fleet.database.value("SELECT count(*) FROM customer WHERE name IS NULL", Long.class))
                .isZero();
    }

    @Test
    void anOperatorsRequestDoesNotWaitForWritersFromOutside() throws SQLException {
        Segue node = fleet.start("n1", Fleet.settings(Phase.OLD_ONLY));
        node.request(Fleet.CHANGE, Phase.DUAL_WRITE, "ann");

        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThatThrownBy(() -> write("name = concat(name, '!') WHERE id = 1"))
                        .hasStackTraceContaining(Fleet.CHANGE));
        awaitSituation(node, s -> assertThat(s.sealedNew()).isTrue());
        assertThat(fleet.notInBrackets()).isZero();
    }

    @Test
    void whatWasWrittenWithTheNewColumnAloneIsThereOnTheWayBack() throws SQLException {
        ChangeSettings kept =
                new ChangeSettings(Phase.NEW_ONLY, false, Duration.ZERO, Duration.ZERO, true, Pace.DEFAULT);
        Segue node = fleet.start("n1", kept);
        vouchWhereTheGuardIsBlind(node);
        awaitPhase(node, Phase.NEW_ONLY);
        // As this node would write it by now.
        write("full_name = '<written last>' WHERE id = 5");
        fleet.database.execute("INSERT INTO customer (id, full_name) VALUES (100001, '<came last>')");

        node.request(Fleet.CHANGE, Phase.OLD_ONLY, "ann");

        awaitPhase(node, Phase.OLD_ONLY);
        assertThat(fleet.database.value("SELECT name FROM customer WHERE id = 5", String.class))
                .isEqualTo("written last");
        assertThat(fleet.database.value("SELECT name FROM customer WHERE id = 100001", String.class))
                .isEqualTo("came last");
        node.request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");
        awaitPhase(node, Phase.NEW_ONLY);
        assertThat(fleet.database.value("SELECT count(*) FROM customer WHERE full_name IS NULL", Long.class))
                .isZero();
    }

    /** MySQL does not show a trigger who gives a column the value that it holds already. */
    private void vouchWhereTheGuardIsBlind(Segue node) throws SQLException {
        if (fleet.dialect() == Database.MYSQL) {
            awaitPhase(node, Phase.READ_NEW);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(status(node).held())
                            .anySatisfy(held -> assertThat(held.message()).contains("does not show the guard")));
            node.vouch(Fleet.CHANGE, "ann");
        }
    }

    private void write(String assignment) {
        fleet.database.execute("UPDATE customer SET " + assignment);
    }
}

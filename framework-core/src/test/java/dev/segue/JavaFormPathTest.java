package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.segue.change.JavaForm;
import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes walk a column through its life by a conversion that exists only in Java: full names are names in brackets. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class JavaFormPathTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final JavaForm BRACKETS = JavaForm.lossless(
            values -> one(values.get(0) == null ? null : "<" + values.get(0) + ">"),
            values -> one(values.get(0) instanceof String name ? name.substring(1, name.length() - 1) : null));

    private final Rename rename;

    JavaFormPathTest(Engine engine) {
        rename = new Rename(engine, 3_000, BRACKETS);
    }

    @AfterEach
    void close() {
        rename.close();
    }

    private static List<@Nullable Object> one(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    private static void awaitSituation(Segue node, Consumer<Situation> asserted) {
        await().atMost(LONG)
                .untilAsserted(
                        () -> asserted.accept(node.status().get(0).record().situation()));
    }

    private static void awaitPhase(Segue node, Phase phase) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(node.status().get(0).phase())
                        .as(() -> String.valueOf(node.status().get(0).held()))
                        .isEqualTo(phase));
    }

    private long apart() {
        return rename.database.value(
                "SELECT count(*) FROM customer WHERE full_name IS NULL OR full_name <> concat('<', name, '>')",
                Long.class);
    }

    @Test
    void twoNodesWalkFromTheOldColumnToTheNewAndDropIt() throws SQLException {
        Segue first = rename.start("n1", Rename.settings(Phase.NEW_ONLY));
        Segue second = rename.start("n2", Rename.settings(Phase.NEW_ONLY));

        vouchWhereTheGuardIsBlind(first);
        for (Segue node : List.of(first, second)) {
            awaitSituation(
                    node, s -> assertThat(s.stages().done(Stage.CONTRACT)).isTrue());
        }

        assertThat(rename.columns()).contains("full_name").doesNotContain("name");
        assertThat(rename.database.value("SELECT full_name FROM customer WHERE id = 2711", String.class))
                .isEqualTo("<name 2711>");
        assertThat(rename.database.value(
                        "SELECT count(*) FROM customer WHERE full_name IS NULL OR full_name NOT LIKE '<name %>'",
                        Long.class))
                .isZero();
    }

    @Test
    void aWriterFromOutsideIsWaitedForThenRefusedAndWritesAgainOnTheWayBack() throws SQLException {
        Segue node = rename.start("n1", Rename.settings(Phase.READ_NEW));
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            write("name = concat(name, '!') WHERE id = 1");
            assertThat(node.status().get(0).held())
                    .anySatisfy(held -> assertThat(held.message()).contains("from the proof of the new ones on"));
        });
        Situation waiting = node.status().get(0).record().situation();
        assertThat(waiting.sealedNew()).isFalse();
        assertThat(waiting.guard().refusal()).isEqualTo(Progress.PENDING);

        awaitPhase(node, Phase.READ_NEW);
        assertThat(apart()).isZero();
        assertThatThrownBy(() -> write("name = 'unheard of' WHERE id = 2"))
                .hasStackTraceContaining(Rename.CHANGE)
                .isInstanceOf(IllegalStateException.class);

        node.request(Rename.CHANGE, Phase.OLD_ONLY, "ann");
        awaitPhase(node, Phase.OLD_ONLY);
        write("name = 'heard again' WHERE id = 2");
        awaitSituation(node, s -> assertThat(s.guard().refusal()).isEqualTo(Progress.PENDING));
        assertThat(rename.database.value("SELECT count(*) FROM customer WHERE name IS NULL", Long.class))
                .isZero();
    }

    @Test
    void anOperatorsRequestDoesNotWaitForWritersFromOutside() throws SQLException {
        Segue node = rename.start("n1", Rename.settings(Phase.OLD_ONLY));
        node.request(Rename.CHANGE, Phase.DUAL_WRITE, "ann");

        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThatThrownBy(() -> write("name = concat(name, '!') WHERE id = 1"))
                        .hasStackTraceContaining(Rename.CHANGE));
        awaitSituation(node, s -> assertThat(s.sealedNew()).isTrue());
        assertThat(apart()).isZero();
    }

    @Test
    void whatWasWrittenWithTheNewColumnAloneIsThereOnTheWayBack() throws SQLException {
        ChangeSettings kept =
                new ChangeSettings(Phase.NEW_ONLY, false, Duration.ZERO, Duration.ZERO, true, Duration.ofMillis(200));
        Segue node = rename.start("n1", kept);
        vouchWhereTheGuardIsBlind(node);
        awaitPhase(node, Phase.NEW_ONLY);
        // As this node would write it by now.
        write("full_name = '<written last>' WHERE id = 5");
        rename.database.execute("INSERT INTO customer (id, full_name) VALUES (100001, '<came last>')");

        node.request(Rename.CHANGE, Phase.OLD_ONLY, "ann");

        awaitPhase(node, Phase.OLD_ONLY);
        assertThat(rename.database.value("SELECT name FROM customer WHERE id = 5", String.class))
                .isEqualTo("written last");
        assertThat(rename.database.value("SELECT name FROM customer WHERE id = 100001", String.class))
                .isEqualTo("came last");
        node.request(Rename.CHANGE, Phase.NEW_ONLY, "ann");
        awaitPhase(node, Phase.NEW_ONLY);
        assertThat(rename.database.value("SELECT count(*) FROM customer WHERE full_name IS NULL", Long.class))
                .isZero();
    }

    /** MySQL does not show a trigger who gives a column the value that it holds already. */
    private void vouchWhereTheGuardIsBlind(Segue node) throws SQLException {
        if (rename.dialect() == Database.MYSQL) {
            awaitPhase(node, Phase.READ_NEW);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(node.status().get(0).held())
                            .anySatisfy(held -> assertThat(held.message()).contains("does not show the guard")));
            node.vouch(Rename.CHANGE, "ann");
        }
    }

    private void write(String assignment) {
        rename.database.execute("UPDATE customer SET " + assignment);
    }
}

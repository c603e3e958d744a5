package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.fleet.NodeIdentity;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Stages;
import dev.segue.schema.LockPatience;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A fleet that may not change the schema, and a pipeline that does. The pipeline runs every script it finds, again and
 * again, also when nobody waits for it any more.
 */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class PipelinePathTest {

    private final Fleet fleet;
    private final Account application;

    private final Path scripts;

    PipelinePathTest(Engine engine, @TempDir Path scripts) {
        this.scripts = scripts;
        fleet = new Fleet(engine, 500);
        application = Account.of(fleet.database, "app");
    }

    @BeforeEach
    void makeTables() throws Exception {
        if (fleet.database.engine() == Engine.POSTGRESQL) {
            fleet.database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            application.grant("SELECT, INSERT, UPDATE, DELETE ON customer");
        } else {
            application.grant("SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES, TRIGGER ON "
                    + fleet.database.name() + ".*");
            application.grant("SELECT ON performance_schema.*");
        }
        StartRefusedException refused =
                catchThrowableOfType(StartRefusedException.class, () -> start("n1", Phase.OLD_ONLY));
        assertThat(refused).hasMessageContainingAll("segue.schema.execute", "registry.");
        List<String> before = fleet.columns("segue_change");
        assertThat(before).as("the application makes no tables").isEmpty();
        try (ScriptRunner pipeline = new ScriptRunner(fleet.database, scripts)) {
            await().atMost(LONG).until(() -> !fleet.columns("segue_change").isEmpty());
            // A pipeline that runs it once more hears of what is there now.
            assertThat(pipeline.refusals()).allMatch(said -> said.contains("already exists"));
        }
        for (Path file : List.of(scripts.resolve("registry.postgresql.sql"), scripts.resolve("registry.mysql.sql"))) {
            Files.deleteIfExists(file);
        }
        if (fleet.database.engine() == Engine.POSTGRESQL) {
            StartRefusedException lacking =
                    catchThrowableOfType(StartRefusedException.class, () -> start("n1", Phase.OLD_ONLY));
            lacking.problems().stream().map(Problem::remedy).distinct().forEach(fleet.database::execute);
        }
    }

    @AfterEach
    void close() {
        fleet.database.close();
        application.close();
    }

    private Segue start(String node, Phase phase) throws SQLException {
        SegueSettings settings = new SegueSettings(
                new NodeIdentity(node, "shop", "1"),
                SegueSettings.Unmet.HOLD,
                Fleet.LEASE,
                Duration.ZERO,
                LockPatience.DEFAULT,
                new SegueSettings.SchemaWork(true, scripts),
                Map.of(Fleet.CHANGE, Fleet.settings(phase)));
        Segue.Checked checked =
                Segue.check(settings, List.of(Fleet.declaration(SqlForm.SAME)), List.of(), application.dataSource());
        return Segue.start(checked, new Fleet.Host());
    }

    private long histories() {
        return fleet.database.value(
                "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'segue_schema_history%'"
                        + " AND table_schema IN ('public', '" + fleet.database.name() + "')",
                Long.class);
    }

    @Test
    void aStageWaitsAndNamesItsScriptAndTheChangeComesToItsEndByScriptsAlone() throws Exception {
        try (Segue node = start("n1", Phase.NEW_ONLY)) {
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(status(node).held())
                            .anySatisfy(held -> assertThat(held.message() + held.remedy())
                                    .contains("pipeline", "expand", scripts.toString(), "has not been done")));
            assertThat(fleet.columns()).doesNotContain("full_name");

            try (ScriptRunner pipeline = new ScriptRunner(fleet.database, scripts)) {
                awaitPhase(node, Phase.DUAL_WRITE);
                awaitDropped(node);
                assertThat(pipeline.refusals())
                        .as("scripts that nobody waits for")
                        .anyMatch(refusal -> refusal.contains("does not wait for expand"));
            }
        }
        assertThat(fleet.columns()).contains("full_name").doesNotContain("name");
        assertThat(fleet.database.value("SELECT full_name FROM customer WHERE id = 47", String.class))
                .isEqualTo("name 47");
        assertThat(histories()).as("no table was made by the application").isEqualTo(1);
    }

    @Test
    void theWayBackGoesByScriptsTooAndWhatIsRunLateDoesNothing() throws Exception {
        List<String> before = fleet.columns();
        try (Segue node = start("n1", Phase.READ_NEW);
                ScriptRunner pipeline = new ScriptRunner(fleet.database, scripts)) {
            awaitPhase(node, Phase.READ_NEW);

            node.abandon(Fleet.CHANGE, "ann", null);

            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(status(node).record().situation().stages())
                                    .as(() -> status(node).held() + " " + pipeline.refusals())
                                    .isEqualTo(Stages.NONE));
            pipeline.runAllOnceMore();
            assertThat(fleet.columns()).as("though expand has been run again").isEqualTo(before);
        }
        fleet.database.execute("INSERT INTO customer (id, name) VALUES (0, 'no trigger is left')");
    }
}

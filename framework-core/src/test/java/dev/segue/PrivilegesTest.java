package dev.segue;

import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitSealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.fleet.NodeIdentity;
import dev.segue.lifecycle.Phase;
import dev.segue.schema.LockPatience;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two users with exactly the rights of docs/privileges.md: enough for the whole path, and none too many. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class PrivilegesTest {

    private final Fleet fleet;
    private final boolean postgres;
    private final Account application;
    private final Account owner;
    private final String database;

    PrivilegesTest(Engine engine) {
        postgres = engine == Engine.POSTGRESQL;
        fleet = new Fleet(engine, 500);
        database = fleet.database.name();
        application = Account.of(fleet.database, "app");
        owner = Account.of(fleet.database, "ddl");
        if (postgres) {
            fleet.database.execute(
                    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                    "REVOKE TEMPORARY ON DATABASE " + database + " FROM PUBLIC",
                    "ALTER TABLE customer OWNER TO " + owner.name());
            owner.grant("CREATE ON SCHEMA public");
            owner.grant("TEMPORARY ON DATABASE " + database);
            application.grant("SELECT, INSERT, UPDATE, DELETE ON customer");
        } else {
            owner.grant("CREATE, ALTER, INDEX, TRIGGER, SELECT, INSERT, UPDATE, DELETE, LOCK TABLES,"
                    + " CREATE TEMPORARY TABLES ON " + database + ".*");
            owner.grant("SELECT ON performance_schema.*");
            application.grant("SELECT, INSERT, UPDATE, DELETE ON " + database + ".*");
        }
    }

    @AfterEach
    void close() {
        fleet.database.close();
        application.close();
        owner.close();
    }

    private Segue.Checked check(Phase phase) throws SQLException {
        SegueSettings settings = new SegueSettings(
                new NodeIdentity("n1", "shop", "1"),
                SegueSettings.Unmet.HOLD,
                Fleet.LEASE,
                Duration.ZERO,
                new LockPatience(Duration.ofMillis(300), Duration.ofMillis(50), Duration.ofMillis(200), 100),
                Map.of(Fleet.CHANGE, Fleet.settings(phase)));
        return Segue.check(
                settings,
                List.of(Fleet.declaration(SqlForm.SAME)),
                List.of(),
                application.dataSource(),
                owner.dataSource());
    }

    private static Segue start(Segue.Checked checked) throws SQLException {
        return Segue.start(checked, new Fleet.Host());
    }

    @Test
    void theseRightsAreEnoughForTheWholePathAndForWritersThatSetOffTheGuard() throws SQLException {
        try (Segue node = start(check(Phase.DUAL_WRITE));
                Connection writer = application.dataSource().getConnection();
                Statement statement = writer.createStatement()) {
            awaitSealed(node);
            statement.execute("INSERT INTO customer (id, name) VALUES (0, 'by the application')");
            statement.execute("UPDATE customer SET name = 'again by it' WHERE id = 1");
            assertThat(fleet.disagreeing()).isZero();

            node.request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");
            awaitDropped(node);
        }
        assertThat(fleet.columns()).contains("full_name").doesNotContain("name");
    }

    @Test
    void eachRightThatIsMissingIsNamedWithTheStatementThatGivesItBeforeAnythingIsChanged() throws SQLException {
        for (Runnable taken : postgres ? takenOnPostgres() : takenOnMysql()) {
            taken.run();
            StartRefusedException refused =
                    catchThrowableOfType(StartRefusedException.class, () -> check(Phase.NEW_ONLY));
            assertThat(refused).isNotNull();
            assertThat(refused.problems()).as(refused.getMessage()).hasSize(1);
            Problem problem = refused.problems().get(0);
            assertThat(problem.where()).isIn("segue.schema.user", "spring.datasource.username");
            assertThat(problem.value()).contains("_" + database);
            fleet.database.execute(problem.remedy().replaceFirst(";$", ""));
            assertThat(check(Phase.NEW_ONLY).changes()).as(problem.remedy()).hasSize(1);
        }
        assertThat(fleet.columns("segue_change")).isEmpty();
        assertThat(fleet.columns()).doesNotContain("full_name");
    }

    private List<Runnable> takenOnPostgres() {
        return List.of(
                () -> owner.revoke("CREATE ON SCHEMA public"),
                () -> owner.revoke("TEMPORARY ON DATABASE " + database),
                () -> application.revoke("SELECT ON customer"),
                () -> application.revoke("UPDATE ON customer"),
                () -> fleet.database.execute(
                        "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC", "GRANT USAGE ON LANGUAGE plpgsql TO postgres"),
                () -> fleet.database.execute("ALTER TABLE customer OWNER TO postgres"));
    }

    private List<Runnable> takenOnMysql() {
        List<Runnable> taken = new ArrayList<>();
        for (String right :
                List.of("CREATE", "INDEX", "TRIGGER", "INSERT", "DELETE", "LOCK TABLES", "CREATE TEMPORARY TABLES")) {
            taken.add(() -> owner.revoke(right + " ON " + database + ".*"));
        }
        taken.add(() -> application.revoke("INSERT ON " + database + ".*"));
        taken.add(() -> fleet.database.execute("SET GLOBAL log_bin_trust_function_creators = 0"));
        return taken;
    }
}

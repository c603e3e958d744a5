package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.backfill.Pace;
import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.StatementWatch;
import dev.segue.watch.StatementWatch.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A column is left behind and dropped only when nobody names it any more. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class DisuseTest {

    private static final Duration HOLD = Duration.ofSeconds(30);

    private final Engine engine;

    DisuseTest(Engine engine) {
        this.engine = engine;
    }

    private static ChangeSettings settings(Phase phase, boolean guarded, Duration hold) {
        return new ChangeSettings(phase, true, hold, Duration.ZERO, guarded, Pace.DEFAULT);
    }

    private static void reads(StatementWatch watch, String sql, Phase phase, Origin origin) {
        watch.runs(
                sql,
                new Layout(Map.of(Fleet.CHANGE, phase)),
                () -> new Source(origin, "shop.Report.write(Report.java:17)"));
    }

    private static void awaitHeld(Segue node, String... facts) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held())
                        .extracting(Held::message)
                        .anySatisfy(message -> assertThat(message).contains(facts)));
    }

    @Test
    void theDropWaitsForAStatementThatStillNamesTheColumnUntilItIsWaived() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Fleet.Watched first = fleet.startWatched("n1", settings(Phase.NEW_ONLY, true, HOLD));
            Fleet.Watched second = fleet.startWatched("n2", settings(Phase.NEW_ONLY, true, HOLD));
            awaitPhase(first.node(), Phase.NEW_ONLY);
            awaitPhase(second.node(), Phase.NEW_ONLY);
            assertThat(status(first.node()).oldColumnLastSeen()).isEmpty();

            String sql = "select c.name from customer c where c.id = 4711";
            reads(second.statements(), sql, Phase.NEW_ONLY, Origin.NATIVE);
            reads(second.statements(), sql, Phase.NEW_ONLY, Origin.NATIVE);

            awaitHeld(
                    first.node(),
                    "CONTRACT",
                    "customer.name",
                    "node n2",
                    "shop.Report.write",
                    "select c.name from customer c where c.id = ?");
            assertThat(status(first.node()).oldColumnLastSeen()).isPresent();
            assertThat(status(first.node()).sightings().get(0).runs()).isEqualTo(2);
            if (engine == Engine.MYSQL) {
                // The dry run is another hold of its own.
                await().atMost(LONG).until(() -> status(first.node()).record().dryRun() == Progress.DONE);
            }
            // As if everybody had been in new-only for longer than the hold time.
            fleet.database.execute(
                    engine == Engine.POSTGRESQL
                            ? "UPDATE segue_change SET hold_since = hold_since - interval '1 hour'"
                            : "UPDATE segue_change SET hold_since = hold_since - INTERVAL 1 HOUR,"
                                    + " dry_run_since = dry_run_since - INTERVAL 1 HOUR");
            await().during(Duration.ofSeconds(3))
                    .atMost(LONG)
                    .until(() ->
                            status(first.node()).record().situation().stages().pending(Stage.CONTRACT));

            String key = status(first.node()).sightings().get(0).key();
            first.node().waive(Fleet.CHANGE, key, "ann");

            awaitDropped(first.node());
            assertThat(status(first.node()).sightings().get(0).waivedBy()).isEqualTo("ann");
            assertThat(fleet.database.value("SELECT why FROM segue_journal WHERE what = 'waive'", String.class))
                    .isEqualTo(key + ", by ann");
        }
    }

    @Test
    void whatWasSeenLongAgoIsForgotten() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Segue first = fleet.start("n1", settings(Phase.DUAL_WRITE, true, HOLD));
            for (int days : new int[] {29, 31}) {
                fleet.database.execute(
                        "INSERT INTO segue_sighting (change_id, node, statement_key, origin, statement, columns_named, runs, last_at)"
                                + " VALUES ('" + Fleet.CHANGE + "', 'n0', 'k" + days
                                + "', 'native', 'select', 'name', 1, "
                                + (engine == Engine.POSTGRESQL
                                        ? "now() - interval '" + days + " days'"
                                        : "UTC_TIMESTAMP() - INTERVAL " + days + " DAY")
                                + ")");
            }
            fleet.stop(first);
            fleet.start("n2", settings(Phase.DUAL_WRITE, true, HOLD));
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(
                                    fleet.database.value("SELECT min(statement_key) FROM segue_sighting", String.class)
                                            + fleet.database.value(
                                                    "SELECT max(statement_key) FROM segue_sighting", String.class))
                            .isEqualTo("k29k29"));
        }
    }

    @Test
    void whatWasSeenLongerAgoThanTheHoldTimeHoldsNothing() throws SQLException {
        Duration hold = Duration.ofSeconds(4);
        try (Fleet fleet = new Fleet(engine, 100)) {
            Fleet.Watched node = fleet.startWatched("n1", settings(Phase.NEW_ONLY, true, hold));
            awaitPhase(node.node(), Phase.NEW_ONLY);
            reads(node.statements(), "select name from customer", Phase.NEW_ONLY, Origin.JDBC);
            awaitHeld(node.node(), "CONTRACT", "customer.name");
            awaitDropped(node.node());
        }
    }

    @Test
    void whatAMappingMakesOfAPhaseThatMayNameTheColumnHoldsNothing() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Fleet.Watched node = fleet.startWatched("n1", settings(Phase.READ_NEW, true, HOLD));
            awaitPhase(node.node(), Phase.READ_NEW);
            reads(node.statements(), "update customer set name=?, full_name=?", Phase.READ_NEW, Origin.MAPPED);
            reads(node.statements(), "select full_name, note from customer", Phase.NEW_ONLY, Origin.MAPPED);
            reads(node.statements(), "select upper(name) from customer", Phase.NEW_ONLY, Origin.MAPPED);
            await().atMost(LONG).until(() -> !status(node.node()).sightings().isEmpty());
            assertThat(status(node.node()).sightings())
                    .singleElement()
                    .satisfies(seen -> assertThat(seen.statement()).isEqualTo("select upper(name) from customer"));
        }
    }

    @Test
    void nobodyLeavesTheColumnBehindWhileItIsReadAndNothingKeepsItCurrent() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Fleet.Watched node = fleet.startWatched("n1", settings(Phase.READ_NEW, false, Duration.ofHours(1)));
            awaitPhase(node.node(), Phase.READ_NEW);
            reads(node.statements(), "select name from customer", Phase.READ_NEW, Origin.JDBC);
            await().atMost(LONG)
                    .until(() -> status(node.node()).oldColumnLastSeen().isPresent());

            node.node().request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");

            awaitHeld(node.node(), "new-only", "select name from customer", "nothing keeps the old columns current");
            assertThat(status(node.node()).phase()).isEqualTo(Phase.READ_NEW);
            await().atMost(LONG)
                    .until(() ->
                            status(node.node()).record().situation().stages().done(Stage.RELAX));
            Segue second = fleet.start("n2", settings(Phase.NEW_ONLY, false, Duration.ofHours(1)));
            assertThat(status(second).phase())
                    .as("nor does a node leave it that starts now")
                    .isEqualTo(Phase.READ_NEW);
            awaitHeld(second, "new-only", "select name from customer");
            node.node()
                    .waive(Fleet.CHANGE, status(node.node()).sightings().get(0).key(), "ann");
            awaitPhase(node.node(), Phase.NEW_ONLY);
        }
    }

    @Test
    void withAGuardThatKeepsTheColumnCurrentItMayBeReadInNewOnly() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Fleet.Watched node = fleet.startWatched("n1", settings(Phase.READ_NEW, true, HOLD));
            awaitPhase(node.node(), Phase.READ_NEW);
            reads(node.statements(), "select name from customer", Phase.READ_NEW, Origin.JDBC);
            await().atMost(LONG)
                    .until(() -> status(node.node()).oldColumnLastSeen().isPresent());

            node.node().request(Fleet.CHANGE, Phase.NEW_ONLY, "ann");

            awaitPhase(node.node(), Phase.NEW_ONLY);
        }
    }

    @Test
    void whatOthersRunIsFoundInTheStatisticsOfTheDatabase() throws SQLException {
        // One of its own: what others have run on a shared one may fill MySQL's table of statements.
        try (DatabaseServer server = DatabaseServers.start(engine)) {
            if (engine == Engine.POSTGRESQL) {
                loadStatistics(server);
            }
            try (Fleet fleet = new Fleet(server, 100)) {
                if (engine == Engine.POSTGRESQL) {
                    fleet.database.execute("CREATE EXTENSION pg_stat_statements");
                }
                findsOthers(fleet);
                if (engine == Engine.MYSQL) {
                    findsWhoWorksInAnotherDatabase(fleet, server);
                }
            }
        }
    }

    private static void findsWhoWorksInAnotherDatabase(Fleet fleet, DatabaseServer server) throws SQLException {
        try (TestDatabase other = server.createDatabase()) {
            other.execute(
                    "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))",
                    "SELECT name AS its_own FROM customer",
                    "SELECT name AS of_ours FROM " + fleet.database.name() + ".customer");

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(
                                    fleet.database.rows(
                                            "SELECT statement FROM segue_sighting WHERE last_at IS NOT NULL AND statement <> ''"))
                            .extracting(row -> String.valueOf(row.get("statement")))
                            .anyMatch(statement -> statement.contains("of_ours"))
                            .noneMatch(statement -> statement.contains("its_own")));
        }
    }

    private static void loadStatistics(DatabaseServer server) {
        try (var setup = server.createDatabase()) {
            setup.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
        }
        server.stop();
        server.start();
    }

    private static void findsOthers(Fleet fleet) throws SQLException {
        // Before the nodes have left the column this is nobody's business.
        fleet.database.execute("SELECT name FROM customer WHERE id = 1");
        Fleet.Watched node = fleet.startWatched("n1", settings(Phase.NEW_ONLY, true, HOLD));
        awaitPhase(node.node(), Phase.NEW_ONLY);
        await().atMost(LONG).until(() -> fleet.database.value("SELECT count(*) FROM segue_sighting", Long.class) > 1);
        assertThat(status(node.node()).sightings()).isEmpty();

        fleet.database.execute("SELECT name FROM customer WHERE id = 17");

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node.node()).sightings())
                        .singleElement()
                        .satisfies(seen -> {
                            assertThat(seen.origin()).isEqualTo(Origin.DATABASE);
                            assertThat(seen.statement())
                                    .containsIgnoringCase("FROM")
                                    .doesNotContain("17");
                        }));
        awaitHeld(node.node(), "CONTRACT", "customer.name", "by the database");
    }
}

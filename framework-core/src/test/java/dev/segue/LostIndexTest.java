package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.watch.QueryPlan;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.StatementWatch;
import dev.segue.watch.StatementWatch.Source;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nobody reads the new column while a statement would lose its index by it, unless an operator waives that. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class LostIndexTest {

    private static final String FOUND = "select c1_0.id from customer c1_0 where c1_0.name=?";
    private static final String DELETED = "delete from customer where name=? and note=?";

    private final Engine engine;

    LostIndexTest(Engine engine) {
        this.engine = engine;
    }

    private static void runs(StatementWatch watch, String sql) {
        watch.runs(
                sql,
                new Layout(Map.of(Fleet.CHANGE, Phase.SHADOW_READ)),
                () -> new Source(Origin.MAPPED, "shop.Search.find(Search.java:17)"));
    }

    private void dropNewIndex(Fleet fleet) {
        String index = fleet.database.value(
                engine == Engine.POSTGRESQL
                        ? "SELECT indexname FROM pg_indexes WHERE tablename = 'customer' AND indexdef LIKE '%(full_name)%'"
                        : "SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'customer' AND column_name = 'full_name'",
                String.class);
        fleet.database.execute("DROP INDEX " + index + (engine == Engine.POSTGRESQL ? "" : " ON customer"));
    }

    @Test
    void theFirstReadsOfTheNewColumnWaitUntilTheIndexIsThereOrTheStatementIsWaived() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Fleet.Watched first = fleet.startWatched("n1", Fleet.settings(Phase.SHADOW_READ));
            awaitPhase(first.node(), Phase.SHADOW_READ);
            runs(first.statements(), FOUND);
            await().atMost(LONG)
                    .until(() -> !fleet.database
                            .rows("SELECT statement FROM segue_sighting WHERE origin = 'query'")
                            .isEmpty());
            dropNewIndex(fleet);

            first.node().request(Fleet.CHANGE, Phase.READ_NEW, "ann");
            awaitHeld(first.node(), FOUND);
            assertThat(status(first.node()).phase()).isEqualTo(Phase.SHADOW_READ);
            assertThat(status(first.node()).sightings()).isEmpty();
            Segue second = fleet.start("n2", Fleet.settings(Phase.READ_NEW));
            assertThat(status(second).phase().reads())
                    .as("nor does a node that starts now and has run nothing")
                    .isEqualTo(Side.OLD);
            awaitHeld(second, FOUND);
            fleet.stop(second);

            QueryPlan plan = status(first.node()).plans().get(0);
            assertThat(plan.state()).isEqualTo(QueryPlan.State.LOSES);
            first.node().waive(Fleet.CHANGE, plan.key(), "ann");
            awaitPhase(first.node(), Phase.READ_NEW);
            assertThat(fleet.database.value("SELECT why FROM segue_journal WHERE what = 'waive'", String.class))
                    .isEqualTo(plan.key() + ", by ann");

            first.node().request(Fleet.CHANGE, Phase.SHADOW_READ, "ann");
            awaitPhase(first.node(), Phase.SHADOW_READ);
            runs(first.statements(), DELETED);
            await().atMost(LONG)
                    .until(() -> fleet.database.value(
                                    "SELECT count(*) FROM segue_sighting WHERE origin = 'query'", Long.class)
                            == 2);
            first.node().request(Fleet.CHANGE, Phase.READ_NEW, "ann");
            awaitHeld(first.node(), DELETED);
            fleet.database.execute("CREATE INDEX customer_again ON customer (full_name)");
            awaitPhase(first.node(), Phase.READ_NEW);
        }
    }

    private static void awaitHeld(Segue node, String statement) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status(node).held()).anySatisfy(held -> {
                    assertThat(held).isInstanceOf(Held.Lacks.class);
                    assertThat(held.message())
                            .contains("read-new waits", "node n1", "shop.Search.find", "customer_name", statement);
                    assertThat(held.remedy()).contains("create an index", "operator waives plan-", Fleet.CHANGE);
                }));
    }
}

package dev.segue;

import static dev.segue.Waiting.LONG;
import static dev.segue.Waiting.awaitDropped;
import static dev.segue.Waiting.awaitPhase;
import static dev.segue.Waiting.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.lifecycle.Clause;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Stage;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Several applications on one table, and one change on several tables. */
@EachDatabase
@Execution(ExecutionMode.CONCURRENT)
class SeveralTest {

    private final Engine engine;

    SeveralTest(Engine engine) {
        this.engine = engine;
    }

    @Test
    void anApplicationIsHeldByAnotherThatNamesItsNodeAndSaysWhatLiftsIt() throws SQLException {
        try (Fleet fleet = new Fleet(engine, 100)) {
            Segue shop = fleet.start("shop-1", "shop", Fleet.settings(Phase.NEW_ONLY));
            Segue billing = fleet.start("billing-1", "billing", Fleet.settings(Phase.DUAL_WRITE));
            awaitPhase(billing, Phase.DUAL_WRITE);
            awaitPhase(shop, Phase.READ_NEW);

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(status(shop).held())
                            .filteredOn(held -> held.clause() == Clause.FLEET)
                            .singleElement()
                            .satisfies(held -> {
                                assertThat(held.message())
                                        .contains("billing-1 (billing)")
                                        .contains("dual-write")
                                        .contains("new-only");
                                assertThat(held.remedy())
                                        .contains("billing-1 (billing)")
                                        .contains("dual-write")
                                        .contains("request");
                            }));
            await().during(Fleet.LEASE)
                    .atMost(LONG)
                    .until(() -> status(shop).phase() == Phase.READ_NEW
                            && status(billing).phase() == Phase.DUAL_WRITE);
            assertThat(status(billing).held()).extracting(Held::message).isEmpty();

            // Only billing's request is raised: by its next deploy.
            fleet.stop(billing);
            Segue deployed = fleet.start("billing-2", "billing", Fleet.settings(Phase.READ_NEW));
            awaitPhase(deployed, Phase.READ_NEW);
            awaitPhase(shop, Phase.NEW_ONLY);
            assertThat(fleet.columns())
                    .as("billing still writes the old column")
                    .contains("name");
            assertThat(status(deployed).record().members())
                    .extracting(member -> member.application() + " " + member.node())
                    .containsExactlyInAnyOrder("shop shop-1", "billing billing-2");
        }
    }

    @Test
    void oneChangeOfTwoTablesWalksTheWholePath() throws SQLException {
        try (Fleet fleet = Fleet.of(engine, 2_000, "customer", "supplier")) {
            Segue first = fleet.start("n1", Fleet.settings(Phase.NEW_ONLY));
            Segue second = fleet.start("n2", Fleet.settings(Phase.NEW_ONLY));
            assertThat(status(first).change().sites())
                    .extracting(site -> site.table().toString())
                    .containsExactlyInAnyOrder("customer", "supplier");

            for (Segue node : List.of(first, second)) {
                awaitDropped(node);
                assertThat(status(node).phase()).isEqualTo(Phase.NEW_ONLY);
            }

            for (String table : List.of("customer", "supplier")) {
                assertThat(fleet.columns(table)).contains("full_name").doesNotContain("name");
                assertThat(fleet.database.value("SELECT count(full_name) FROM " + table, Long.class))
                        .isEqualTo(2_000L);
                assertThat(fleet.database.value("SELECT full_name FROM " + table + " WHERE id = 1711", String.class))
                        .isEqualTo("name 1711");
            }
        }
    }

    @Test
    void aWriteToEitherTableIsGuardedAndOneChangeGoesBackOnBoth() throws SQLException {
        try (Fleet fleet = Fleet.of(engine, 100, "customer", "supplier")) {
            List<String> before = fleet.columns("supplier");
            Segue node = fleet.start("n1", Fleet.settings(Phase.READ_NEW));
            awaitPhase(node, Phase.READ_NEW);

            for (String table : List.of("customer", "supplier")) {
                fleet.database.execute("UPDATE " + table + " SET name = 'by a script' WHERE id = 7");
                assertThat(fleet.database.value("SELECT full_name FROM " + table + " WHERE id = 7", String.class))
                        .isEqualTo("by a script");
            }

            node.abandon(Fleet.CHANGE, "ann", null);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(
                                    status(node).record().situation().stages().pending(Stage.EXPAND))
                            .as(() -> String.valueOf(status(node).held()))
                            .isTrue());
            assertThat(fleet.columns("supplier")).isEqualTo(before);
            assertThat(fleet.columns("customer")).isEqualTo(before);
        }
    }
}

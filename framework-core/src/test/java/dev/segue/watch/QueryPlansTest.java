package dev.segue.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.fleet.Layout;
import dev.segue.fleet.RegistryTables;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import dev.segue.watch.QueryPlan.State;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.StatementWatch.Source;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which statements lose their index when nodes read the new column, as real databases tell. */
@EachDatabase
class QueryPlansTest {

    private static final String CHANGE = "customer-full-name";

    private final TestDatabase database;
    private final ColumnChange change;
    private final StatementWatch watch;
    private final SightingLog log;
    private final QueryPlans plans;
    private final boolean postgres;
    private final Database dialect;

    QueryPlansTest(Engine engine) throws SQLException {
        postgres = engine == Engine.POSTGRESQL;
        dialect = postgres ? Database.POSTGRESQL : Database.MYSQL;
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200), full_name varchar(200), born date)",
                "INSERT INTO customer (id, name, full_name) VALUES (1, 'Ann', 'Ann'), (2, 'Bob', 'Bob'), (3, 'Cid', 'Cid')");
        RegistryTables.migrate(database.dataSource(), dialect);
        Site site = new Site(
                TableName.of("customer"),
                List.of(new Column("id", "bigint", true)),
                List.of(new Column("name", "varchar(200)", false)),
                List.of(new Column("full_name", "varchar(200)", false)),
                SqlForm.SAME);
        change = new ColumnChange(CHANGE, Kind.REPLACE, List.of(site));
        watch = new StatementWatch(List.of(change), dialect);
        log = new SightingLog(database.dataSource(), dialect, "n1", watch);
        plans = new QueryPlans(database.dataSource(), dialect, Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void runs(Phase phase, Origin origin, String... statements) throws SQLException {
        for (String sql : statements) {
            watch.runs(sql, new Layout(Map.of(CHANGE, phase)), () -> new Source(origin, "shop.Search.find"));
        }
        log.write();
    }

    private Map<String, State> states() throws SQLException {
        return plans.look(change).stream()
                .collect(java.util.stream.Collectors.toMap(QueryPlan::statement, QueryPlan::state));
    }

    @Test
    void whatIsServedByAnIndexLosesItUnlessThereIsOneWithTheNewColumn() throws SQLException {
        database.execute("CREATE INDEX customer_name ON customer (name)");
        runs(
                Phase.DUAL_WRITE,
                Origin.MAPPED,
                "select c1_0.id from customer c1_0 where c1_0.name=?",
                "select c1_0.id from customer c1_0 where c1_0.name in (?,?,?) and c1_0.born>=?",
                "select c1_0.id from customer c1_0 where c1_0.name='Ann 4711'",
                "select c1_0.id,c1_0.name from customer c1_0 order by c1_0.name "
                        + (postgres ? "fetch first ? rows only" : "limit ?"),
                "select o.id from customer c join customer o on o.name=c.name where c.id=?",
                "update customer set name=?,full_name=? where name=?",
                "delete from customer where name=?");

        // Two differ in their values alone.
        assertThat(plans.look(change))
                .hasSize(6)
                .allSatisfy(plan -> assertThat(plan.state()).as(plan.told()).isEqualTo(State.LOSES))
                .allSatisfy(plan -> assertThat(plan.told())
                        .contains(
                                "node n1",
                                "shop.Search.find",
                                "customer_name",
                                "with full_name in the place of name by none")
                        .doesNotContain("4711"));

        database.execute("CREATE INDEX customer_full_name ON customer (full_name)");
        assertThat(plans.look(change))
                .hasSize(6)
                .allSatisfy(plan -> assertThat(plan.state()).as(plan.told()).isEqualTo(State.KEEPS));
        assertThat(database.value("SELECT count(*) FROM customer", Long.class)).isEqualTo(3);
    }

    @Test
    void aUniqueIndexIsLostLikeAnyOther() throws SQLException {
        database.execute("CREATE UNIQUE INDEX customer_unique ON customer (name)");
        runs(Phase.OLD_ONLY, Origin.MAPPED, "select c.id from customer c where c.name=?");
        assertThat(states().values()).containsOnly(State.LOSES);
        database.execute("CREATE UNIQUE INDEX customer_unique_too ON customer (full_name)");
        assertThat(states().values()).containsOnly(State.KEEPS);
    }

    @Test
    void whatHasNoIndexHasNothingToLose() throws SQLException {
        database.execute("CREATE INDEX customer_name ON customer (name)");
        runs(
                Phase.SHADOW_READ,
                Origin.MAPPED,
                "select c.id from customer c where upper(c.name)=?",
                "select c.id from customer c where c.id=? and c.name is not null");
        assertThat(states().get("select c.id from customer c where upper(c.name)=?"))
                .isEqualTo(State.KEEPS);
    }

    @Test
    void whatCannotBeExplainedIsSaidToBeUncheckedAndHoldsNothing() throws SQLException {
        runs(Phase.DUAL_WRITE, Origin.MAPPED, "select c.gone from customer c where c.name=?");
        assertThat(plans.look(change)).singleElement().satisfies(plan -> {
            assertThat(plan.state()).isEqualTo(State.UNCHECKED);
            assertThat(plan.why()).startsWith("cannot be explained: ").contains("gone");
            assertThat(plan.holds()).isFalse();
        });
    }

    @Test
    void whatThereIsNoTimeForIsSaidToBeUnchecked() throws SQLException {
        runs(Phase.DUAL_WRITE, Origin.MAPPED, "select c.id from customer c where c.name=?");
        assertThat(new QueryPlans(database.dataSource(), dialect, Duration.ZERO).look(change))
                .singleElement()
                .satisfies(plan -> assertThat(plan.state()).isEqualTo(State.UNCHECKED));
    }

    @Test
    void onlyWhatTheMappingMakesOfPhasesThatReadTheOldColumnIsLookedAt() throws SQLException {
        database.execute("CREATE INDEX customer_name ON customer (name)");
        runs(Phase.READ_NEW, Origin.MAPPED, "select c.id from customer c where c.name=?");
        runs(Phase.DUAL_WRITE, Origin.NATIVE, "select id from customer where name=?");
        runs(Phase.DUAL_WRITE, Origin.MAPPED, "select c.id,c.name from customer c where c.id=?");
        assertThat(plans.look(change)).isEmpty();
    }
}

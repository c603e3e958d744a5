package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.fleet.RegistryTables;
import dev.segue.hibernate.model.Customer;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.watch.Measures;
import dev.segue.watch.QueryPlan;
import dev.segue.watch.QueryPlans;
import dev.segue.watch.Sighting;
import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.SightingLog;
import dev.segue.watch.StatementWatch;
import dev.segue.watch.Watch;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.Formula;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a node sees of the statements that it runs through Hibernate and on Hibernate's connections. */
@EachDatabase
class WatchedStatementsTest {

    private final Shop shop;
    private final HikariDataSource pool = new HikariDataSource();
    private final ColumnChange change;
    private final StatementWatch watch;
    private final SightingLog log;
    private final List<String> inspected = new CopyOnWriteArrayList<>();

    WatchedStatementsTest(Engine engine) throws SQLException {
        shop = new Shop(engine);
        pool.setDataSource(shop.database.dataSource());
        pool.setMinimumIdle(0);
        RegistryTables.migrate(shop.database.dataSource(), shop.dialect());
        Site site = new Site(
                TableName.of("customer"),
                List.of(new Column("id", "bigint", true)),
                List.of(new Column("name", "varchar(200)", false)),
                List.of(new Column("full_name", "varchar(200)", false)),
                SqlForm.SAME);
        change = new ColumnChange("customer-full-name", Kind.REPLACE, List.of(site));
        watch = new StatementWatch(List.of(change), shop.dialect());
        log = new SightingLog(shop.database.dataSource(), shop.dialect(), "n1", watch);
    }

    @AfterEach
    void close() {
        shop.close();
        pool.close();
    }

    private SessionFactory in(Phase phase, Class<?>... more) {
        shop.withColumnsOf(phase);
        StatementInspector application = sql -> {
            inspected.add(sql);
            return sql.replace("/*x*/", "");
        };
        SwitchableSessionFactory host = shop.host(pool, Map.of(), more);
        host.watch(new Watch(watch, new Measures()), application);
        host.prepare(shop.layout(phase));
        host.open(shop.layout(phase), shop.permit());
        return host.proxy();
    }

    private List<Sighting> seen() throws SQLException {
        log.write();
        return log.read("customer-full-name");
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void whatHibernateMakesOfThePhasesIsNothingToMind(Phase phase) throws SQLException {
        SessionFactory factory = in(phase);
        factory.inTransaction(session -> session.persist(new Customer(1, "Ann", "Rome")));
        factory.inTransaction(session -> {
            session.find(Customer.class, 1L).fullName = "Bob";
            // A native query flushes first: what it runs then is still the mapping's.
            session.createNativeQuery("select note from customer", String.class).getResultList();
            session.createMutationQuery("update Customer set fullName = 'Cid' where fullName = 'Bob'")
                    .executeUpdate();
        });
        assertThat(inspected)
                .as("the application's own inspector is asked as well")
                .hasSizeGreaterThan(3);
        assertThat(seen()).isEmpty();
    }

    @Test
    void aNativeQueryIsSeenWithWhoRunsItAndHowOften() throws SQLException {
        SessionFactory factory = in(Phase.DUAL_WRITE);
        for (int i = 0; i < 3; i++) {
            int id = i;
            factory.inTransaction(session -> session.createNativeQuery(
                            "select name from customer /*x*/ where id = " + id, String.class)
                    .getResultList());
        }
        assertThat(seen()).singleElement().satisfies(seen -> {
            assertThat(seen.origin()).isEqualTo(Origin.NATIVE);
            assertThat(seen.caller()).contains("WatchedStatementsTest");
            assertThat(seen.statement()).isEqualTo("select name from customer where id = ?");
            assertThat(seen.columns()).isEqualTo("customer.name");
            assertThat(seen.node()).isEqualTo("n1");
            assertThat(seen.runs()).isEqualTo(3);
        });
    }

    @Test
    void whatIsRunOnASessionsConnectionIsSeenToo() throws SQLException {
        SessionFactory factory = in(Phase.READ_NEW);
        factory.inTransaction(session -> session.doWork(connection -> {
            try (PreparedStatement prepared = connection.prepareStatement("update customer set name = ? where id = 1");
                    Statement statement = connection.createStatement()) {
                prepared.setString(1, "Ann");
                prepared.executeUpdate();
                statement.executeQuery("select max(name) from customer").close();
            }
        }));
        assertThat(seen())
                .allSatisfy(seen -> assertThat(seen.origin()).isEqualTo(Origin.JDBC))
                .allSatisfy(seen -> assertThat(seen.caller()).contains("WatchedStatementsTest"))
                .extracting(Sighting::statement)
                .containsExactlyInAnyOrder(
                        "update customer set name = ? where id = ?", "select max(name) from customer");
    }

    @Test
    void whatHibernateFindsByTheOldColumnIsExplainedInBothForms() throws SQLException {
        SessionFactory factory = in(Phase.DUAL_WRITE);
        shop.database.execute("CREATE INDEX customer_name ON customer (name)");
        factory.inTransaction(
                session -> session.createQuery("from Customer where fullName = :name order by fullName", Customer.class)
                        .setParameter("name", "Ann")
                        .setMaxResults(10)
                        .getResultList());
        log.write();
        QueryPlans plans = new QueryPlans(shop.database.dataSource(), shop.dialect());
        assertThat(plans.look(change)).singleElement().satisfies(plan -> {
            assertThat(plan.state()).as(plan.told()).isEqualTo(QueryPlan.State.LOSES);
            assertThat(plan.caller()).contains("WatchedStatementsTest");
        });
        shop.database.execute("CREATE INDEX customer_full_name ON customer (full_name)");
        assertThat(plans.look(change))
                .singleElement()
                .satisfies(plan -> assertThat(plan.state()).as(plan.told()).isEqualTo(QueryPlan.State.KEEPS));
    }

    /** Maps the table once more, with SQL in it that a phase cannot know. */
    @jakarta.persistence.Entity(name = "Label")
    @Table(name = "customer")
    static class Label {
        @Id
        long id;

        @Formula("upper(name)")
        @Nullable
        String label;
    }

    @Test
    void sqlInAMappingThatNamesTheOldColumnIsSeenInNewOnlyOnly() throws SQLException {
        try (SessionFactory early = in(Phase.READ_NEW, Label.class)) {
            early.inTransaction(
                    session -> session.createQuery("from Label", Label.class).getResultList());
            assertThat(seen()).isEmpty();
        }
        SwitchableSessionFactory host = shop.host(pool, Map.of(), Label.class);
        host.watch(new Watch(watch, new Measures()), null);
        host.prepare(shop.layout(Phase.NEW_ONLY));
        host.open(shop.layout(Phase.NEW_ONLY), shop.permit());
        host.proxy()
                .inTransaction(session ->
                        session.createQuery("from Label", Label.class).getResultList());
        assertThat(seen())
                .singleElement()
                .satisfies(seen -> assertThat(seen.origin()).isEqualTo(Origin.MAPPED));
    }
}

package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.database.Database;
import dev.segue.fleet.ChangeStore;
import dev.segue.fleet.Layout;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Registry;
import dev.segue.hibernate.model.Customer;
import dev.segue.hibernate.model.Visit;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.jspecify.annotations.Nullable;

/** A database with the entities of the tests, and session factories on it in any phase. */
final class Shop implements AutoCloseable {

    /** A table, its key, and the columns before and after. */
    private record Evolving(String change, String table, String oldColumn, String newColumn) {}

    private static final List<Evolving> CHANGES = List.of(
            new Evolving("customer-full-name", "customer", "name", "full_name"),
            new Evolving("customer-town", "customer", "city", "town"),
            new Evolving("visit-address", "visit", "page", "address"));

    private final Engine engine;
    final TestDatabase database;
    final List<String> mismatches = new CopyOnWriteArrayList<>();
    private final HikariDataSource pool = new HikariDataSource();
    private final List<SwitchableSessionFactory> hosts = new ArrayList<>();

    Shop(Engine engine) {
        this.engine = engine;
        this.database = DatabaseServers.shared(engine).createDatabase();
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(20);
        pool.setMinimumIdle(0);
        database.execute(
                "CREATE TABLE customer (id bigint PRIMARY KEY, version int NOT NULL, name varchar(200),"
                        + " city varchar(200), street varchar(200), note varchar(200))",
                "CREATE TABLE visit (id bigint "
                        + (engine == Engine.POSTGRESQL ? "GENERATED ALWAYS AS IDENTITY" : "AUTO_INCREMENT")
                        + " PRIMARY KEY, page varchar(200))");
    }

    /** Gives the tables exactly the columns that exist while nodes are in that phase and no other. */
    Shop withColumnsOf(Phase phase) {
        for (Evolving change : CHANGES) {
            String table = "ALTER TABLE " + change.table();
            if (phase == Phase.NEW_ONLY) {
                database.execute(table + " RENAME COLUMN " + change.oldColumn() + " TO " + change.newColumn());
            } else if (phase != Phase.OLD_ONLY) {
                database.execute(table + " ADD COLUMN " + change.newColumn() + " varchar(200)");
            }
        }
        return this;
    }

    Database dialect() {
        return engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
    }

    Layout layout(Phase phase) {
        Map<String, Phase> phases = new HashMap<>();
        CHANGES.forEach(change -> phases.put(change.change(), phase));
        return new Layout(phases);
    }

    /** A permit that is good for a long time. */
    Permit permit() {
        return membership(Duration.ofHours(1)).nextGeneration(1);
    }

    Registry registry() {
        return new Registry(database.dataSource(), dialect(), "n1", NodeClock.SYSTEM);
    }

    /** As another node does when the lease has run out; this one then finds out with its next renewal. */
    void loseLease(Membership membership, Permit permit) {
        database.execute("UPDATE segue_participant SET state = 'lapsed'");
        try (ChangeStore.Renewals renewals = registry().renewals()) {
            assertThat(membership.renew(renewals, permit, 1)).isFalse();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Membership membership(Duration lease) {
        return membership(lease, NodeClock.SYSTEM);
    }

    Membership membership(Duration lease, NodeClock clock) {
        return new Membership(registry(), new NodeIdentity("n1", "shop", "1"), lease, clock);
    }

    SwitchableSessionFactory host() {
        return host(pool, Map.of());
    }

    /**
     * @param extra settings of Hibernate's beside the usual ones
     * @param more entities beside the usual ones
     */
    SwitchableSessionFactory host(DataSource dataSource, Map<String, Object> extra, Class<?>... more) {
        SwitchableSessionFactory host = new SwitchableSessionFactory(
                dialect(),
                dataSource,
                database.dataSource(),
                (change, entity, key) -> mismatches.add(change + " " + entity),
                settings -> {
                    Map<String, Object> all = new HashMap<>(settings);
                    all.putAll(extra);
                    return build(all, more);
                });
        hosts.add(host);
        return host;
    }

    private SessionFactory build(Map<String, Object> settings, Class<?>... more) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        all.put("hibernate.hbm2ddl.auto", "validate");
        all.put("hibernate.jdbc.batch_size", "20");
        all.put("hibernate.order_updates", "true");
        all.put("hibernate.order_inserts", "true");
        all.put("hibernate.globally_quoted_identifiers", "false");
        return new MetadataSources(
                        new StandardServiceRegistryBuilder().applySettings(all).build())
                .addAnnotatedClasses(more)
                .addAnnotatedClasses(Customer.class, Customer.Address.class, Visit.class)
                .buildMetadata()
                .buildSessionFactory();
    }

    /** What the columns that the phase writes hold, the old one first. */
    List<@Nullable Object> columns(Phase phase, String table, String oldColumn, String newColumn, long id) {
        Map<String, @Nullable Object> row =
                database.rows("SELECT * FROM " + table + " WHERE id = " + id).get(0);
        List<@Nullable Object> values = new ArrayList<>();
        if (phase.writes(Side.OLD)) {
            values.add(row.get(oldColumn));
        }
        if (phase.writes(Side.NEW)) {
            values.add(row.get(newColumn));
        }
        return values;
    }

    @Override
    public void close() {
        hosts.forEach(host -> host.proxy().close());
        pool.close();
        database.close();
    }
}

package dev.segue.hibernate;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.database.Database;
import dev.segue.fleet.Layout;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Permit;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hibernate.SessionFactory;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;

/** A node that goes from phase to phase with all changes of some entities. Several may be on one database. */
final class Node implements AutoCloseable {

    final Database dialect;
    private final List<String> changes;
    private final HikariDataSource pool = new HikariDataSource();
    final List<String> mismatches = new CopyOnWriteArrayList<>();
    final SwitchableSessionFactory host;
    final SessionFactory factory;
    final Permit permit;

    Node(Engine engine, TestDatabase database, List<String> changes, Map<String, Object> extra, Class<?>... entities) {
        this(engine, database, changes, extra, NodeClock.SYSTEM, entities);
    }

    /** @param clock by which the node reckons its lease of an hour */
    Node(
            Engine engine,
            TestDatabase database,
            List<String> changes,
            Map<String, Object> extra,
            NodeClock clock,
            Class<?>... entities) {
        this.dialect = engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        this.changes = changes;
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(5);
        pool.setMinimumIdle(0);
        ShadowReads shadowReads = (change, entity, key) -> mismatches.add(change);
        host = new SwitchableSessionFactory(dialect, pool, database.dataSource(), shadowReads, settings -> {
            Map<String, Object> all = new HashMap<>(settings);
            all.put("hibernate.hbm2ddl.auto", "validate");
            extra.forEach(all::putIfAbsent);
            return new MetadataSources(new StandardServiceRegistryBuilder()
                            .applySettings(all)
                            .build())
                    .addAnnotatedClasses(entities)
                    .buildMetadata()
                    .buildSessionFactory();
        });
        factory = host.proxy();
        permit = new Membership(
                        new Registry(database.dataSource(), dialect, "n1", clock),
                        new NodeIdentity("n1", "shop", "1"),
                        Duration.ofHours(1),
                        clock)
                .nextGeneration(1);
    }

    Layout layout(Phase phase) {
        Map<String, Phase> phases = new HashMap<>();
        changes.forEach(change -> phases.put(change, phase));
        return new Layout(phases);
    }

    /** New sessions begin in that phase. */
    Node go(Phase phase) {
        host.prepare(layout(phase));
        host.open(layout(phase), permit);
        return this;
    }

    @Override
    public void close() {
        factory.close();
        pool.close();
    }
}

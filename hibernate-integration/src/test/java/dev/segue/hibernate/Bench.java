package dev.segue.hibernate;

import com.zaxxer.hikari.HikariDataSource;
import dev.segue.database.Database;
import dev.segue.fleet.Layout;
import dev.segue.fleet.Membership;
import dev.segue.fleet.NodeClock;
import dev.segue.fleet.NodeIdentity;
import dev.segue.fleet.Registry;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/** A database for one kind of mapping in one phase. */
public final class Bench implements AutoCloseable {

    private final Engine engine;
    private final Phase phase;
    public final TestDatabase database;
    private final HikariDataSource pool = new HikariDataSource();
    public final List<String> mismatches = new CopyOnWriteArrayList<>();
    final List<String> differing = new CopyOnWriteArrayList<>();
    private final ShadowReads shadowReads = (change, entity, key) -> {
        mismatches.add(change);
        differing.add(String.valueOf(key));
    };
    private final List<SessionFactory> factories = new ArrayList<>();

    /** For test classes with a database and a phase. */
    static Stream<Arguments> everyPhase() {
        return Stream.of(Engine.values())
                .flatMap(engine -> Stream.of(Phase.values()).map(phase -> Arguments.of(engine, phase)));
    }

    public Bench(Engine engine, Phase phase) {
        this.engine = engine;
        this.phase = phase;
        this.database = DatabaseServers.shared(engine).createDatabase();
        pool.setDataSource(database.dataSource());
        pool.setMaximumPoolSize(2);
        pool.setMinimumIdle(0);
    }

    Database dialect() {
        return engine == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
    }

    /**
     * Makes a table with just those of the two columns that exist in the phase.
     *
     * @param columns all others, as in CREATE TABLE
     */
    void table(String name, String columns, String type, String oldColumn, String newColumn) {
        database.execute("CREATE TABLE " + name + " (" + columns + ")");
        addColumns(name, type, oldColumn, newColumn);
    }

    /** Gives a table another pair of columns. */
    void addColumns(String table, String type, String oldColumn, String newColumn) {
        addColumns(table, oldColumn, type, newColumn, type);
    }

    /** Gives a table another pair of columns, of two types. */
    void addColumns(String table, String oldColumn, String oldType, String newColumn, String newType) {
        if (phase != Phase.NEW_ONLY) {
            database.execute("ALTER TABLE " + table + " ADD COLUMN " + oldColumn + " " + oldType);
        }
        if (phase != Phase.OLD_ONLY) {
            database.execute("ALTER TABLE " + table + " ADD COLUMN " + newColumn + " " + newType);
        }
    }

    /** The application's session factory, with the changes in the phase. */
    public SessionFactory factory(List<String> changes, Map<String, Object> extra, Class<?>... entities) {
        return factory(phase, changes, extra, entities);
    }

    /** That of a node in another phase, on the same tables. */
    public SessionFactory factory(Phase phase, List<String> changes, Map<String, Object> extra, Class<?>... entities) {
        Map<String, Phase> phases = new HashMap<>();
        changes.forEach(change -> phases.put(change, phase));
        SwitchableSessionFactory host =
                new SwitchableSessionFactory(dialect(), pool, database.dataSource(), shadowReads, settings -> {
                    Map<String, Object> all = new HashMap<>(settings);
                    all.put("hibernate.hbm2ddl.auto", "validate");
                    all.put("hibernate.jdbc.batch_size", "20");
                    all.putAll(extra);
                    return new MetadataSources(new StandardServiceRegistryBuilder()
                                    .applySettings(all)
                                    .build())
                            .addAnnotatedClasses(entities)
                            .buildMetadata()
                            .buildSessionFactory();
                });
        Layout layout = new Layout(phases);
        host.prepare(layout);
        host.open(
                layout,
                new Membership(
                                new Registry(database.dataSource(), dialect(), "n1", NodeClock.SYSTEM),
                                new NodeIdentity("n1", "shop", "1"),
                                Duration.ofHours(1),
                                NodeClock.SYSTEM)
                        .nextGeneration(1));
        SessionFactory opened = host.proxy();
        factories.add(opened);
        return opened;
    }

    /** What the columns of the phase hold, each as text. */
    List<@Nullable String> columns(String table, String oldColumn, String newColumn, long id) {
        List<@Nullable String> values = new ArrayList<>();
        if (phase.writes(Side.OLD)) {
            values.add(text(table, oldColumn, id));
        }
        if (phase.writes(Side.NEW)) {
            values.add(text(table, newColumn, id));
        }
        return values;
    }

    /** What those columns should hold, each as text. */
    List<@Nullable String> written(@Nullable Object before, @Nullable Object after) {
        List<@Nullable String> values = new ArrayList<>();
        if (phase.writes(Side.OLD)) {
            values.add(Objects.toString(before, null));
        }
        if (phase.writes(Side.NEW)) {
            values.add(Objects.toString(after, null));
        }
        return values;
    }

    private @Nullable String text(String table, String column, long id) {
        return Objects.toString(
                database.value("SELECT " + column + " FROM " + table + " WHERE id = ?", String.class, id), null);
    }

    @Override
    public void close() {
        factories.forEach(SessionFactory::close);
        pool.close();
        database.close();
    }
}

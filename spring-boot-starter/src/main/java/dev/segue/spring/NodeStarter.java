package dev.segue.spring;

import dev.segue.Segue;
import dev.segue.SegueSettings;
import dev.segue.StartRefusedException;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.fleet.NodeIdentity;
import dev.segue.hibernate.Discovery;
import dev.segue.hibernate.ShadowReads;
import dev.segue.hibernate.SwitchableSessionFactory;
import dev.segue.schema.ChangePlan;
import dev.segue.watch.Watch;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.spi.PersistenceProvider;
import jakarta.persistence.spi.PersistenceUnitInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.ManagedBeanSettings;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.resource.beans.container.spi.BeanContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Starts a node for a persistence unit: looks for changes, checks, joins, and gives the application its factory. */
final class NodeStarter {

    /** The settings that start Hibernate's schema tool, with the names that users write. */
    private static final Map<String, String> SCHEMA_TOOL = Map.of(
            "hibernate.hbm2ddl.auto", "spring.jpa.hibernate.ddl-auto",
            "jakarta.persistence.schema-generation.database.action",
                    "spring.jpa.properties.jakarta.persistence.schema-generation.database.action");

    private static final Logger log = LoggerFactory.getLogger(NodeStarter.class);

    private final SegueNodes nodes;
    private final PersistenceUnits units;
    private final ShadowReads mismatches;
    private final SegueProperties properties;
    private final @Nullable JdbcConnectionDetails details;
    private final Environment environment;
    private final NodeSurroundings surroundings;
    private final @Nullable DataSource owner;
    private final List<Flyway> flyways;

    /**
     * @param owner through which the application wants the schema changed, or null
     * @param flyways the application's own
     */
    NodeStarter(
            SegueNodes nodes,
            PersistenceUnits units,
            SegueProperties properties,
            @Nullable JdbcConnectionDetails details,
            Environment environment,
            NodeSurroundings surroundings,
            @Nullable DataSource owner,
            List<Flyway> flyways) {
        this.nodes = nodes;
        this.mismatches = (change, entity, key) -> nodes.shadowMismatch(change);
        this.units = units;
        this.properties = properties;
        this.details = details;
        this.environment = environment;
        this.surroundings = surroundings;
        this.owner = owner;
        this.flyways = flyways;
    }

    /**
     * @throws StartRefusedException with every mistake in annotations, configuration and database
     */
    EntityManagerFactory start(PersistenceProvider provider, PersistenceUnitInfo unit, Map<?, ?> given) {
        Map<String, Object> settings = new HashMap<>();
        given.forEach((key, value) -> settings.put(String.valueOf(key), value));
        List<Problem> problems = new ArrayList<>();
        List<Declaration> declared = Discovery.of(unit, settings, problems);
        Set<String> changes = units.changesOfNext(
                declared.stream().map(Declaration::change).collect(Collectors.toSet()),
                properties.getChanges().keySet());
        SegueSettings read = new SettingsReader(properties, problems).read(identity(unit), changes);
        String plans = environment.getProperty(WritePlans.PROPERTY);
        if (declared.isEmpty() && problems.isEmpty() && read.changes().isEmpty()) {
            if (plans != null) {
                throw new WritePlans.Written(List.of());
            }
            return provider.createContainerEntityManagerFactory(unit, given);
        }
        problems.addAll(UnknownProperties.in(environment));
        problems.addAll(schemaTool(settings));
        problems.addAll(surroundings.problems());
        DirectConnections connections =
                new DirectConnections(dataSource(unit), details, read.identity().node());
        NodeConnections pools = NodeConnections.open(connections, properties, owner, read.mostWorkers());
        try {
            Segue.Checked checked = Segue.check(read, declared, problems, pools.direct(), pools.owner());
            nodes.ended(checked.ended());
            if (plans != null) {
                throw new WritePlans.Written(write(checked, Path.of(plans)));
            }
            if (checked.changes().isEmpty()) {
                pools.close();
                return provider.createContainerEntityManagerFactory(unit, given);
            }
            return start(provider, unit, settings, checked, connections, pools);
        } catch (SQLException e) {
            pools.close();
            throw new IllegalStateException("Segue could not ask the database: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            pools.close();
            throw e;
        }
    }

    private static List<Path> write(Segue.Checked checked, Path directory) throws SQLException {
        List<Path> written = new ArrayList<>();
        for (ChangePlan plan : checked.plans()) {
            try {
                written.addAll(plan.write(directory));
            } catch (IOException e) {
                throw new UncheckedIOException("The plan of change " + plan.change() + " cannot be written", e);
            }
        }
        return written;
    }

    /** The application's Flyway is left as it is; what is not good for a fleet is said. */
    private void warnOfTraps(Segue.Checked checked) throws SQLException {
        if (flyways.isEmpty()) {
            return;
        }
        boolean concurrently = checked.buildsConcurrently();
        for (Flyway flyway : flyways) {
            FlywayTraps.in(flyway.getConfiguration(), concurrently).forEach(log::warn);
        }
    }

    private EntityManagerFactory start(
            PersistenceProvider provider,
            PersistenceUnitInfo unit,
            Map<String, Object> settings,
            Segue.Checked checked,
            DirectConnections connections,
            NodeConnections pools)
            throws SQLException {
        warnOfTraps(checked);
        Map<String, Object> lasting = new HashMap<>(settings);
        LastingBeans beans = settings.get(ManagedBeanSettings.BEAN_CONTAINER) instanceof BeanContainer container
                ? new LastingBeans(container)
                : null;
        if (beans != null) {
            lasting.put(ManagedBeanSettings.BEAN_CONTAINER, beans);
        }
        SwitchableSessionFactory host = new SwitchableSessionFactory(
                checked.database(), dataSource(unit), checked.direct(), mismatches, extra -> {
                    Map<String, Object> all = new HashMap<>(lasting);
                    all.putAll(extra);
                    return provider.createContainerEntityManagerFactory(unit, all)
                            .unwrap(SessionFactory.class);
                });
        host.boundTo(NodeStarter::boundFactories);
        Watch watch = Watch.of(checked.changes(), checked.database());
        host.watch(watch, inspector(unit, settings));
        NodeSurroundings.Opened around =
                surroundings.of(checked, dataSource(unit), watch.measures(), connections::toReplica);
        Segue segue;
        try {
            segue = Segue.start(checked, host, around.surroundings(), watch);
        } catch (SQLException | RuntimeException e) {
            around.close();
            if (beans != null) {
                beans.end();
            }
            throw e;
        }
        nodes.add(segue);
        host.beforeClose(() -> {
            nodes.remove(segue);
            segue.close();
            around.close();
            pools.close();
        });
        if (beans != null) {
            host.afterClose(beans::end);
        }
        return host.proxy();
    }

    private static @Nullable Object inspector(PersistenceUnitInfo unit, Map<String, Object> settings) {
        Object given = settings.get(JdbcSettings.STATEMENT_INSPECTOR);
        return given == null ? unit.getProperties().get(JdbcSettings.STATEMENT_INSPECTOR) : given;
    }

    /** Of the sessions that Spring has bound: those of a transaction or a request, and of all persistence units. */
    private static List<SessionFactoryImplementor> boundFactories() {
        List<SessionFactoryImplementor> factories = new ArrayList<>();
        for (Object resource :
                TransactionSynchronizationManager.getResourceMap().values()) {
            if (resource instanceof EntityManagerHolder holder
                    && holder.getEntityManager().getEntityManagerFactory() instanceof SessionFactoryImplementor own) {
                factories.add(own);
            }
        }
        return factories;
    }

    private static DataSource dataSource(PersistenceUnitInfo unit) {
        DataSource dataSource = unit.getNonJtaDataSource();
        if (dataSource == null) {
            dataSource = unit.getJtaDataSource();
        }
        if (dataSource == null) {
            throw new StartRefusedException(List.of(new Problem(
                    "persistence unit " + unit.getPersistenceUnitName(),
                    "",
                    "It has no data source.",
                    "Give the entity manager factory a DataSource.")));
        }
        return dataSource;
    }

    /** A schema tool that adds what the mapping of a phase names would undo what the stages do. */
    private static List<Problem> schemaTool(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        SCHEMA_TOOL.forEach((setting, property) -> {
            String action = String.valueOf(settings.getOrDefault(setting, "none"));
            if (!List.of("none", "validate").contains(action)) {
                problems.add(new Problem(
                        property,
                        action,
                        "Hibernate's schema tool would run for every phase and change the columns behind Segue's back.",
                        "Set it to none or validate, and create the schema with Flyway."));
            }
        });
        return problems;
    }

    private NodeIdentity identity(PersistenceUnitInfo unit) {
        String node = properties.getNode();
        if (node == null) {
            node = host() + "-" + ProcessHandle.current().pid() + "-"
                    + UUID.randomUUID().toString().substring(0, 8);
        }
        String name = unit.getPersistenceUnitName();
        return new NodeIdentity(
                "default".equals(name) ? node : node + "/" + name,
                application(environment),
                environment.getProperty("spring.application.version", "unknown"));
    }

    /** The application's name, as the fleet knows it. */
    static String application(Environment environment) {
        return environment.getProperty("spring.application.name", "application");
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}

package dev.segue.hibernate;

import dev.segue.watch.StatementWatch;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.query.spi.NativeQueryInterpreter;
import org.hibernate.engine.query.spi.NativeQueryInterpreterInitiator;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.query.results.ResultBuilder;
import org.hibernate.query.results.ResultBuilderEntityValued;
import org.hibernate.query.sql.spi.NativeSelectQueryDefinition;
import org.hibernate.query.sql.spi.NativeSelectQueryPlan;
import org.hibernate.query.sql.spi.ParameterRecognizer;
import org.hibernate.service.spi.SessionFactoryServiceContributor;
import org.hibernate.service.spi.SessionFactoryServiceInitiator;
import org.hibernate.service.spi.SessionFactoryServiceInitiatorContext;
import org.hibernate.service.spi.SessionFactoryServiceRegistryBuilder;

/**
 * Refuses native queries for entities that would read an attribute from a column that does not hold its value in the phase
 * at hand. Hibernate finds this class by itself; a session factory without changes is left alone.
 *
 * <p>A column that is not in the result at all is the database driver's to refuse. Refused here, besides what
 * {@link NativeReads} refuses, is:
 *
 * <ul>
 *   <li>a column of the one side that is selected under the name of the other;
 *   <li>a result that says itself which column belongs to which attribute, of a query that names the wrong side;
 *   <li>a query that names the wrong side only.
 * </ul>
 */
public final class NativeQueries
        implements SessionFactoryServiceContributor, SessionFactoryServiceInitiator<NativeQueryInterpreter> {

    @Override
    public void contribute(SessionFactoryServiceRegistryBuilder services) {
        services.addInitiator(this);
    }

    @Override
    public Class<NativeQueryInterpreter> getServiceInitiated() {
        return NativeQueryInterpreter.class;
    }

    @Override
    public NativeQueryInterpreter initiateService(SessionFactoryServiceInitiatorContext context) {
        NativeQueryInterpreter standard = NativeQueryInterpreterInitiator.INSTANCE.initiateService(context);
        Map<String, Object> settings = context.getServiceRegistry()
                .requireService(ConfigurationService.class)
                .getSettings();
        return settings.containsKey(Settings.LAYOUT) ? new Checking(new NativeReads(standard), settings) : standard;
    }

    private static final class Checking implements NativeQueryInterpreter {

        private static final long serialVersionUID = 1L;

        private final transient NativeQueryInterpreter standard;
        private final transient Map<String, Object> settings;

        Checking(NativeQueryInterpreter standard, Map<String, Object> settings) {
            this.standard = standard;
            this.settings = settings;
        }

        @Override
        public void recognizeParameters(String sql, ParameterRecognizer recognizer) {
            standard.recognizeParameters(sql, recognizer);
        }

        @Override
        public <R> NativeSelectQueryPlan<R> createQueryPlan(
                NativeSelectQueryDefinition<R> query, SessionFactoryImplementor factory) {
            for (ResultBuilder result : query.getResultSetMapping().getResultBuilders()) {
                EntityPersister entity = result instanceof ResultBuilderEntityValued
                        ? factory.getMappingMetamodel().findEntityDescriptor(result.getJavaType())
                        : null;
                if (entity != null) {
                    check(entity, result, query.getSqlString());
                }
            }
            return standard.createQueryPlan(query, factory);
        }

        private void check(EntityPersister entity, ResultBuilder result, String sql) {
            StatementWatch watch = (StatementWatch) settings.get(Settings.WATCH);
            if (watch != null) {
                Optional<String> wrong = watch.wrongColumns(
                        sql,
                        Settings.layout(settings),
                        Stream.of(entity.getQuerySpaces()).map(String::valueOf).toList(),
                        isExplicit(result));
                if (wrong.isPresent()) {
                    throw new StatementRefusedException(
                            entity.getEntityName(),
                            "(native query)",
                            wrong.get(),
                            "Select the columns under their own names, or {c.*} with addEntity(\"c\", ...), or use HQL.");
                }
            }
        }

        /** Whether the result says which columns belong to attributes. */
        private static boolean isExplicit(ResultBuilder result) {
            boolean[] found = new boolean[1];
            result.visitFetchBuilders((attribute, column) -> found[0] = true);
            return found[0];
        }
    }
}

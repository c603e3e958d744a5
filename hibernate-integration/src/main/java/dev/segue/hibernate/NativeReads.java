package dev.segue.hibernate;

import dev.segue.lifecycle.Side;
import java.util.stream.Stream;
import org.hibernate.engine.query.spi.NativeQueryInterpreter;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.EmbeddableValuedModelPart;
import org.hibernate.metamodel.mapping.ManagedMappingType;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.query.results.ResultBuilder;
import org.hibernate.query.sql.spi.NativeSelectQueryDefinition;
import org.hibernate.query.sql.spi.NativeSelectQueryPlan;
import org.hibernate.query.sql.spi.ParameterRecognizer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses native SQL that gives entities, where their columns do not hold what the mapping takes from them. Without an
 * alias such as {@code {c.*}} Hibernate takes each column by its name and as it is: not through the expression of a
 * conversion, and without the comparison of {@code shadow-read}. With one it writes the columns itself, but miscounts those
 * of an embedded object that has a twin.
 */
final class NativeReads implements NativeQueryInterpreter {

    private static final long serialVersionUID = 1L;
    private static final String REMEDY = "Say it in HQL, or select columns instead of the entity.";

    private final transient NativeQueryInterpreter hibernates;

    NativeReads(NativeQueryInterpreter hibernates) {
        this.hibernates = hibernates;
    }

    @Override
    public void recognizeParameters(String sql, ParameterRecognizer recognizer) {
        hibernates.recognizeParameters(sql, recognizer);
    }

    @Override
    public <R> NativeSelectQueryPlan<R> createQueryPlan(
            NativeSelectQueryDefinition<R> query, SessionFactoryImplementor factory) {
        boolean byAlias = query.getSqlString().contains("{");
        for (ResultBuilder result : query.getResultSetMapping().getResultBuilders()) {
            EntityPersister entity = entity(result, factory);
            if (entity != null && byAlias) {
                refuseMiscounted(entity);
                refuseGrouped(entity, Settings.conversions(factory.getProperties()));
            } else if (entity != null) {
                refuseUnconverted(entity, Settings.conversions(factory.getProperties()));
                refuseUncomputed(entity, Settings.conversions(factory.getProperties()));
                refuseWithoutTheHidden(entity);
            }
        }
        return hibernates.createQueryPlan(query, factory);
    }

    private static @Nullable EntityPersister entity(ResultBuilder result, SessionFactoryImplementor factory) {
        Class<?> type = result.getJavaType();
        return type == null ? null : factory.getMappingMetamodel().findEntityDescriptor(type);
    }

    private static void refuseUnconverted(EntityPersister entity, Conversions conversions) {
        for (Conversions.Mapped one : conversions.all()) {
            boolean throughExpression =
                    one.conversion().sql().isPresent() && one.phase().reads() == Side.OLD;
            if (throughExpression && one.isIn(entity)) {
                throw new StatementRefusedException(
                        one.conversion(),
                        "in " + one.phase().id() + " the old column is read through an expression, and this native SQL"
                                + " gives what the column holds.",
                        "Select the entity by its alias, as {c.*}, or say it in HQL.");
            }
        }
    }

    private static void refuseUncomputed(EntityPersister entity, Conversions conversions) {
        for (IntroducedAttribute one : conversions.introducedIn(entity)) {
            if (one.phase().reads() == Side.OLD) {
                throw new StatementRefusedException(
                        entity.getEntityName(),
                        one.name(),
                        "in " + one.phase().id()
                                + " the attribute is computed, and this native SQL gives what its column" + " holds.",
                        REMEDY);
            }
        }
    }

    private static void refuseWithoutTheHidden(EntityPersister entity) {
        Stream.of(Twins.SHADOW_PREFIX, Twins.BEFORE_PREFIX)
                .flatMap(prefix -> hidden(entity, prefix))
                .findFirst()
                .ifPresent(attribute -> {
                    throw new StatementRefusedException(
                            entity.getEntityName(),
                            attribute,
                            "what both columns hold is read beside the entity, and this native SQL leaves it out.",
                            "Select the entity by its alias, as {c.*}, or say it in HQL.");
                });
    }

    private static void refuseMiscounted(EntityPersister entity) {
        Twins.inHierarchy(entity).stream()
                .map(Twins::attribute)
                .filter(attribute -> attribute.contains("."))
                .findFirst()
                .ifPresent(attribute -> {
                    throw new StatementRefusedException(
                            entity.getEntityName(),
                            attribute,
                            "both columns are written, and Hibernate miscounts the columns of the embedded object in native"
                                    + " SQL.",
                            REMEDY);
                });
    }

    private static void refuseGrouped(EntityPersister entity, Conversions conversions) {
        for (GroupedAttribute one : conversions.groupedAround(entity)) {
            if (one.phase().reads() == Side.OLD
                    && one.conversion().after().types().size() > 1) {
                throw new StatementRefusedException(
                        entity.getEntityName(),
                        one.name(),
                        "in " + one.phase().id()
                                + " its columns are computed from the old side, and Hibernate miscounts"
                                + " those of the embedded object in native SQL.",
                        REMEDY);
            }
        }
    }

    private static Stream<String> hidden(ManagedMappingType type, String prefix) {
        Stream.Builder<Stream<String>> found = Stream.builder();
        type.getAttributeMappings().forEach(attribute -> found.add(hidden(attribute, prefix)));
        return found.build().flatMap(names -> names);
    }

    private static Stream<String> hidden(AttributeMapping attribute, String prefix) {
        String name = attribute.getAttributeName();
        if (attribute instanceof EmbeddableValuedModelPart embedded) {
            return hidden(embedded.getEmbeddableTypeDescriptor(), prefix).map(inner -> name + "." + inner);
        }
        return name.startsWith(prefix) ? Stream.of(name.substring(prefix.length())) : Stream.empty();
    }
}

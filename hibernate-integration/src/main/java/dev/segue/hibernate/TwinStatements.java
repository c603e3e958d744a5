package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.hibernate.engine.spi.LoadQueryInfluencers;
import org.hibernate.metamodel.mapping.BasicValuedMapping;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.spi.RuntimeModelCreationContext;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.query.spi.DomainQueryExecutionContext;
import org.hibernate.query.spi.QueryOptions;
import org.hibernate.query.spi.QueryParameterBindings;
import org.hibernate.query.sqm.internal.DomainParameterXref;
import org.hibernate.query.sqm.mutation.spi.MultiTableHandlerBuildResult;
import org.hibernate.query.sqm.mutation.spi.SqmMultiTableInsertStrategy;
import org.hibernate.query.sqm.mutation.spi.SqmMultiTableMutationStrategy;
import org.hibernate.query.sqm.sql.SqmTranslation;
import org.hibernate.query.sqm.sql.SqmTranslator;
import org.hibernate.query.sqm.sql.StandardSqmTranslatorFactory;
import org.hibernate.query.sqm.sql.internal.SqmParameterInterpretation;
import org.hibernate.query.sqm.sql.internal.StandardSqmTranslator;
import org.hibernate.query.sqm.tree.SqmDeleteOrUpdateStatement;
import org.hibernate.query.sqm.tree.SqmDmlStatement;
import org.hibernate.query.sqm.tree.SqmStatement;
import org.hibernate.query.sqm.tree.domain.SqmPath;
import org.hibernate.query.sqm.tree.expression.SqmHqlNumericLiteral;
import org.hibernate.query.sqm.tree.expression.SqmLiteral;
import org.hibernate.query.sqm.tree.insert.SqmInsertStatement;
import org.hibernate.query.sqm.tree.select.SqmSelectStatement;
import org.hibernate.query.sqm.tree.update.SqmAssignment;
import org.hibernate.query.sqm.tree.update.SqmUpdateStatement;
import org.hibernate.sql.ast.spi.SqlAstCreationContext;
import org.hibernate.sql.ast.spi.SqlSelection;
import org.hibernate.sql.ast.tree.MutationStatement;
import org.hibernate.sql.ast.tree.Statement;
import org.hibernate.sql.ast.tree.expression.Expression;
import org.hibernate.sql.ast.tree.expression.QueryLiteral;
import org.hibernate.sql.ast.tree.select.SelectStatement;
import org.hibernate.sql.results.internal.SqlSelectionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Makes bulk statements of HQL and Criteria write the twins too: UPDATE, INSERT with values or a select, and ON
 * CONFLICT. A twin gets the expression that its attribute gets, converted if it has to be; an expression that could give
 * another value the second time is refused, and so is a statement that Hibernate spreads over several tables. Where only
 * Java can convert, {@link ConvertedReads} has a look at every statement.
 *
 * <p>This is the one class that touches Hibernate's internal packages: the signatures of the factory and of the
 * strategies have {@code DomainParameterXref}, literals get their types in Hibernate's own translator, and there is no
 * public way to make a {@code SqlSelection}.
 */
public final class TwinStatements extends StandardSqmTranslatorFactory {

    /** Made by Hibernate, which knows the class by its name. */
    public TwinStatements() {}

    @Override
    public SqmTranslator<SelectStatement> createSelectTranslator(
            SqmSelectStatement<?> statement,
            QueryOptions options,
            DomainParameterXref parameters,
            QueryParameterBindings bindings,
            LoadQueryInfluencers influencers,
            SqlAstCreationContext context,
            boolean deduplicate) {
        return new Translator<>(
                statement, options, parameters, bindings, influencers, context, deduplicate, UnaryOperator.identity());
    }

    @Override
    public SqmTranslator<? extends MutationStatement> createMutationTranslator(
            SqmDmlStatement<?> statement,
            QueryOptions options,
            DomainParameterXref parameters,
            QueryParameterBindings bindings,
            LoadQueryInfluencers influencers,
            SqlAstCreationContext context) {
        EntityPersister entity = context.getMappingMetamodel()
                .getEntityDescriptor(statement.getTarget().getEntityName());
        Conversions conversions = Settings.conversions(entity.getFactory().getProperties());
        List<EntityPersister> named = named(entity, statement);
        TwinRewrite rewrite = new TwinRewrite(
                entity.getEntityName(),
                distinct(named.stream().flatMap(each -> Twins.of(each).stream()), Twins::twinColumn),
                distinct(
                        named.stream().flatMap(each -> conversions.writtenBy(each).stream()),
                        Conversions.Written::column),
                distinct(
                        named.stream().flatMap(each -> conversions.computedBy(each).stream()), ComputedColumns::column),
                named.stream()
                        .flatMap(each -> conversions.wholesOf(each).stream())
                        .toList());
        return new Translator<MutationStatement>(
                statement, options, parameters, bindings, influencers, context, false, rewrite::translation);
    }

    /** The entities whose attributes a statement can name: an UPDATE also those of subclasses, in the same table. */
    private static List<EntityPersister> named(EntityPersister entity, SqmDmlStatement<?> statement) {
        List<EntityPersister> all = new ArrayList<>(List.of(entity));
        if (statement instanceof SqmUpdateStatement<?>) {
            entity.getSubMappingTypes().forEach(type -> all.add(type.getEntityPersister()));
        }
        return all;
    }

    /** What a subclass inherits stands once. */
    private static <T> List<T> distinct(Stream<T> all, Function<T, String> key) {
        Set<String> seen = new HashSet<>();
        return all.filter(each -> seen.add(key.apply(each))).toList();
    }

    /** Hibernate's, with a last word about its result. */
    private static final class Translator<T extends Statement> extends StandardSqmTranslator<T> {

        private final UnaryOperator<SqmTranslation<T>> after;

        Translator(
                SqmStatement<?> statement,
                QueryOptions options,
                DomainParameterXref parameters,
                QueryParameterBindings bindings,
                LoadQueryInfluencers influencers,
                SqlAstCreationContext context,
                boolean deduplicate,
                UnaryOperator<SqmTranslation<T>> after) {
            super(statement, options, parameters, bindings, influencers, context, deduplicate);
            this.after = after;
        }

        @Override
        public SqmTranslation<T> translate() {
            SqmTranslation<T> translation = super.translate();
            ConvertedReads.check(translation.getSqlAst());
            return after.apply(translation);
        }

        @Override
        public Expression visitLiteral(SqmLiteral<?> literal) {
            Expression converted = literal.getLiteralValue() == null ? null : converted(literal);
            return converted == null ? super.visitLiteral(literal) : converted;
        }

        @Override
        public <N extends Number> Expression visitHqlNumericLiteral(SqmHqlNumericLiteral<N> literal) {
            Expression converted = converted(literal);
            return converted == null ? super.visitHqlNumericLiteral(literal) : converted;
        }

        /** A literal beside an old column that only Java can convert is a value of the attribute. */
        private @Nullable Expression converted(SqmLiteral<?> literal) {
            if (!(getInferredValueMapping() instanceof BasicValuedMapping mapping)) {
                return null;
            }
            Limited type = Limited.of(mapping.getJdbcMapping());
            return type == null ? null : new QueryLiteral<>(type.attributeValue(literal.getLiteralValue()), mapping);
        }
    }

    /** The expression without what Hibernate wraps a parameter in. */
    static Expression plain(Expression expression) {
        return expression instanceof SqmParameterInterpretation parameter
                ? parameter.getResolvedExpression()
                : expression;
    }

    /** What is selected, as a list of selections has it. */
    static SqlSelection selection(Expression expression) {
        return new SqlSelectionImpl(expression);
    }

    /**
     * UPDATE and DELETE of an entity that lies in several tables. They do not come through the translator above, so one
     * that assigns an attribute with a twin is refused.
     */
    public static final class Mutations implements SqmMultiTableMutationStrategy {

        private final SqmMultiTableMutationStrategy strategy;
        private final EntityMappingType root;
        private final Conversions conversions;

        /** Made by Hibernate for each hierarchy. */
        public Mutations(EntityMappingType root, RuntimeModelCreationContext context) {
            this.root = root;
            this.conversions = Settings.conversions(context.getSettings());
            this.strategy = context.getDialect().getFallbackSqmMutationStrategy(root, context);
        }

        @Override
        public void prepare(org.hibernate.metamodel.mapping.internal.MappingModelCreationProcess process) {
            strategy.prepare(process);
        }

        @Override
        public void release(
                org.hibernate.engine.spi.SessionFactoryImplementor factory,
                org.hibernate.engine.jdbc.connections.spi.JdbcConnectionAccess connections) {
            strategy.release(factory, connections);
        }

        @Override
        public MultiTableHandlerBuildResult buildHandler(
                SqmDeleteOrUpdateStatement<?> statement,
                DomainParameterXref parameters,
                DomainQueryExecutionContext context) {
            conversions.refuseRetired(root);
            if (statement instanceof SqmUpdateStatement<?> update) {
                for (SqmAssignment<?> assignment : update.getSetClause().getAssignments()) {
                    refuseTwins(root, conversions, statement, assignment.getTargetPath());
                }
            }
            return strategy.buildHandler(statement, parameters, context);
        }
    }

    /** INSERT of an entity that lies in several tables; refused likewise, and whatever it assigns if there is a twin. */
    public static final class Inserts implements SqmMultiTableInsertStrategy {

        private final SqmMultiTableInsertStrategy strategy;
        private final EntityMappingType root;
        private final Conversions conversions;

        /** Made by Hibernate for each hierarchy. */
        public Inserts(EntityMappingType root, RuntimeModelCreationContext context) {
            this.root = root;
            this.conversions = Settings.conversions(context.getSettings());
            this.strategy = context.getDialect().getFallbackSqmInsertStrategy(root, context);
        }

        @Override
        public void prepare(org.hibernate.metamodel.mapping.internal.MappingModelCreationProcess process) {
            strategy.prepare(process);
        }

        @Override
        public void release(
                org.hibernate.engine.spi.SessionFactoryImplementor factory,
                org.hibernate.engine.jdbc.connections.spi.JdbcConnectionAccess connections) {
            strategy.release(factory, connections);
        }

        @Override
        public MultiTableHandlerBuildResult buildHandler(
                SqmInsertStatement<?> statement, DomainParameterXref parameters, DomainQueryExecutionContext context) {
            conversions.refuseRetired(root);
            for (SqmPath<?> path : statement.getInsertionTargetPaths()) {
                refuseTwins(root, conversions, statement, path);
            }
            // Hibernate counts the columns of its temporary table without twins, so values come into each other's
            // places.
            Twins.inHierarchy(root).stream().findFirst().ifPresent(twin -> {
                throw inSeveralTables(statement, twin.attribute());
            });
            return strategy.buildHandler(statement, parameters, context);
        }
    }

    private static void refuseTwins(
            EntityMappingType root, Conversions conversions, SqmDmlStatement<?> statement, SqmPath<?> target) {
        String path = path(target);
        Stream<String> attributes = Stream.concat(
                Twins.inHierarchy(root).stream().map(Twins::attribute),
                conversions.all().stream().filter(one -> one.isIn(root)).map(Conversions.Mapped::name));
        for (String attribute : attributes.distinct().toList()) {
            boolean touches =
                    attribute.equals(path) || attribute.startsWith(path + ".") || path.startsWith(attribute + ".");
            if (touches) {
                throw inSeveralTables(statement, attribute);
            }
        }
    }

    private static StatementRefusedException inSeveralTables(SqmDmlStatement<?> statement, String attribute) {
        return new StatementRefusedException(
                statement.getTarget().getEntityName(),
                attribute,
                "the entity lies in several tables, and Hibernate would not write its columns by the phase.",
                "Load and change the entities, or run the statement when the change is over.");
    }

    /** The path within the entity: without the alias at its beginning. */
    private static String path(SqmPath<?> target) {
        SqmPath<?> parent = target.getLhs();
        String name = target.getReferencedPathSource().getPathName();
        return parent == null || parent.getLhs() == null ? name : path(parent) + "." + name;
    }
}

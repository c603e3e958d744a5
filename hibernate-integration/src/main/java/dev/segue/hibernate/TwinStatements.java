package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.engine.spi.LoadQueryInfluencers;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.spi.RuntimeModelCreationContext;
import org.hibernate.query.spi.DomainQueryExecutionContext;
import org.hibernate.query.spi.QueryOptions;
import org.hibernate.query.spi.QueryParameterBindings;
import org.hibernate.query.sqm.internal.DomainParameterXref;
import org.hibernate.query.sqm.mutation.spi.MultiTableHandlerBuildResult;
import org.hibernate.query.sqm.mutation.spi.SqmMultiTableInsertStrategy;
import org.hibernate.query.sqm.mutation.spi.SqmMultiTableMutationStrategy;
import org.hibernate.query.sqm.sql.SqmTranslation;
import org.hibernate.query.sqm.sql.SqmTranslator;
import org.hibernate.query.sqm.sql.StandardSqmTranslation;
import org.hibernate.query.sqm.sql.StandardSqmTranslatorFactory;
import org.hibernate.query.sqm.tree.SqmDeleteOrUpdateStatement;
import org.hibernate.query.sqm.tree.SqmDmlStatement;
import org.hibernate.query.sqm.tree.domain.SqmPath;
import org.hibernate.query.sqm.tree.insert.SqmInsertStatement;
import org.hibernate.query.sqm.tree.update.SqmAssignment;
import org.hibernate.query.sqm.tree.update.SqmUpdateStatement;
import org.hibernate.sql.ast.spi.SqlAstCreationContext;
import org.hibernate.sql.ast.tree.MutationStatement;
import org.hibernate.sql.ast.tree.expression.ColumnReference;
import org.hibernate.sql.ast.tree.expression.Expression;
import org.hibernate.sql.ast.tree.expression.SqlTuple;
import org.hibernate.sql.ast.tree.insert.ConflictClause;
import org.hibernate.sql.ast.tree.insert.InsertSelectStatement;
import org.hibernate.sql.ast.tree.insert.Values;
import org.hibernate.sql.ast.tree.select.QueryGroup;
import org.hibernate.sql.ast.tree.select.QueryPart;
import org.hibernate.sql.ast.tree.select.QuerySpec;
import org.hibernate.sql.ast.tree.update.Assignment;
import org.hibernate.sql.ast.tree.update.UpdateStatement;
import org.hibernate.sql.results.internal.SqlSelectionImpl;

/**
 * Makes bulk statements of HQL and Criteria write the twins too: UPDATE, INSERT with values or a select, and ON
 * CONFLICT. A twin gets the expression that its attribute gets; an expression that could give another value the second
 * time is refused, and so is a statement that Hibernate spreads over several tables.
 *
 * <p>This is the one class that touches Hibernate's internal packages: the signatures of the factory and of the
 * strategies have {@code DomainParameterXref}, and there is no public way to make a {@code SqlSelection}.
 */
public final class TwinStatements extends StandardSqmTranslatorFactory {

    /** Made by Hibernate, which knows the class by its name. */
    public TwinStatements() {}

    @Override
    public SqmTranslator<? extends MutationStatement> createMutationTranslator(
            SqmDmlStatement<?> statement,
            QueryOptions options,
            DomainParameterXref parameters,
            QueryParameterBindings bindings,
            LoadQueryInfluencers influencers,
            SqlAstCreationContext context) {
        SqmTranslator<? extends MutationStatement> translator =
                super.createMutationTranslator(statement, options, parameters, bindings, influencers, context);
        String entity = statement.getTarget().getEntityName();
        List<Twins> twins = Twins.of(context.getMappingMetamodel().getEntityDescriptor(entity));
        return twins.isEmpty() ? translator : rewriting(translator, new Rewrite(entity, twins));
    }

    private static <T extends MutationStatement> SqmTranslator<T> rewriting(
            SqmTranslator<T> translator, Rewrite rewrite) {
        return Delegates.of(
                SqmTranslator.class,
                translator,
                (method, result) -> method.getName().equals("translate")
                        ? rewrite.translation((SqmTranslation<?>) Objects.requireNonNull(result))
                        : result);
    }

    /** Adds the twins to one translated statement. */
    private record Rewrite(String entity, List<Twins> twins) {

        SqmTranslation<?> translation(SqmTranslation<?> translation) {
            if (translation.getSqlAst() instanceof UpdateStatement update) {
                return new StandardSqmTranslation<>(
                        new UpdateStatement(
                                update,
                                update.getTargetTable(),
                                update.getMutationTarget(),
                                update.getFromClause(),
                                assignments(update.getAssignments()),
                                update.getRestriction(),
                                update.getReturningColumns()),
                        translation.getJdbcParamsBySqmParam(),
                        translation.getSqmParameterMappingModelTypeResolutions(),
                        translation.getSqlExpressionResolver(),
                        translation.getFromClauseAccess());
            }
            if (translation.getSqlAst() instanceof InsertSelectStatement insert) {
                insert(insert);
            }
            return translation;
        }

        /** A twin stands before its attribute: MySQL assigns from left to right and shows what it has assigned. */
        private List<Assignment> assignments(List<Assignment> given) {
            List<Assignment> all = new ArrayList<>();
            for (Assignment assignment : given) {
                List<ColumnReference> columns = assignment.getAssignable().getColumnReferences();
                for (int i = 0; i < columns.size(); i++) {
                    for (Twins twin : twinsOf(columns.get(i))) {
                        Expression value = columns.size() == 1
                                ? assignment.getAssignedValue()
                                : ((SqlTuple) assignment.getAssignedValue())
                                        .getExpressions()
                                        .get(i);
                        all.add(new Assignment(reference(columns.get(i), twin), repeatable(value, twin)));
                    }
                }
                all.add(assignment);
            }
            return all;
        }

        private void insert(InsertSelectStatement insert) {
            int columns = insert.getTargetColumns().size();
            for (int i = 0; i < columns; i++) {
                ColumnReference column = insert.getTargetColumns().get(i);
                for (Twins twin : twinsOf(column)) {
                    insert.addTargetColumnReference(reference(column, twin));
                    if (insert.getSourceSelectStatement() != null) {
                        select(insert.getSourceSelectStatement(), i, twin);
                    }
                    insert.setValuesList(values(insert.getValuesList(), i, twin));
                }
            }
            ConflictClause conflict = insert.getConflictClause();
            if (conflict != null && conflict.isDoUpdate()) {
                insert.setConflictClause(new ConflictClause(
                        conflict.getConstraintName(),
                        conflict.getConstraintColumnNames(),
                        assignments(conflict.getAssignments()),
                        conflict.getPredicate()));
            }
        }

        private List<Values> values(List<Values> given, int column, Twins twin) {
            return given.stream()
                    .map(row -> new Values(Stream.concat(
                                    row.getExpressions().stream(),
                                    Stream.of(repeatable(row.getExpressions().get(column), twin)))
                            .toList()))
                    .toList();
        }

        private void select(QueryPart query, int column, Twins twin) {
            if (query instanceof QueryGroup group) {
                group.getQueryParts().forEach(part -> select(part, column, twin));
                return;
            }
            var selections = ((QuerySpec) query).getSelectClause();
            Expression value = selections.getSqlSelections().get(column).getExpression();
            selections.addSqlSelection(new SqlSelectionImpl(repeatable(value, twin)));
        }

        private List<Twins> twinsOf(ColumnReference column) {
            return twins.stream()
                    .filter(twin -> twin.column().equals(column.getColumnExpression()))
                    .toList();
        }

        private static ColumnReference reference(ColumnReference column, Twins twin) {
            return new ColumnReference(column.getQualifier(), twin.twinColumn(), false, null, twin.mapping());
        }

        private Expression repeatable(Expression value, Twins twin) {
            Repeatable.functionThatIsNot(value).ifPresent(function -> {
                throw new StatementRefusedException(
                        entity,
                        twin.attribute(),
                        "it assigns an expression with '" + function + "', and both columns would be computed from it,"
                                + " perhaps with different values.",
                        "Assign a parameter, or load and change the entities.");
            });
            return value;
        }
    }

    /**
     * UPDATE and DELETE of an entity that lies in several tables. They do not come through the translator above, so one
     * that assigns an attribute with a twin is refused.
     */
    public static final class Mutations implements SqmMultiTableMutationStrategy {

        private final SqmMultiTableMutationStrategy strategy;
        private final EntityMappingType root;

        /** Made by Hibernate for each hierarchy. */
        public Mutations(EntityMappingType root, RuntimeModelCreationContext context) {
            this.root = root;
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
            if (statement instanceof SqmUpdateStatement<?> update) {
                for (SqmAssignment<?> assignment : update.getSetClause().getAssignments()) {
                    refuseTwins(root, statement, assignment.getTargetPath());
                }
            }
            return strategy.buildHandler(statement, parameters, context);
        }
    }

    /** INSERT of an entity that lies in several tables; refused likewise. */
    public static final class Inserts implements SqmMultiTableInsertStrategy {

        private final SqmMultiTableInsertStrategy strategy;
        private final EntityMappingType root;

        /** Made by Hibernate for each hierarchy. */
        public Inserts(EntityMappingType root, RuntimeModelCreationContext context) {
            this.root = root;
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
            for (SqmPath<?> path : statement.getInsertionTargetPaths()) {
                refuseTwins(root, statement, path);
            }
            return strategy.buildHandler(statement, parameters, context);
        }
    }

    private static void refuseTwins(EntityMappingType root, SqmDmlStatement<?> statement, SqmPath<?> target) {
        String entity = statement.getTarget().getEntityName();
        String path = path(target);
        for (Twins twin : Twins.inHierarchy(root)) {
            boolean touches = twin.attribute().equals(path)
                    || twin.attribute().startsWith(path + ".")
                    || path.startsWith(twin.attribute() + ".");
            if (touches) {
                throw new StatementRefusedException(
                        entity,
                        twin.attribute(),
                        "the entity lies in several tables, and Hibernate would write one of the two columns only.",
                        "Load and change the entities, or run the statement when the change is over.");
            }
        }
    }

    /** The path within the entity: without the alias at its beginning. */
    private static String path(SqmPath<?> target) {
        SqmPath<?> parent = target.getLhs();
        String name = target.getReferencedPathSource().getPathName();
        return parent == null || parent.getLhs() == null ? name : path(parent) + "." + name;
    }
}

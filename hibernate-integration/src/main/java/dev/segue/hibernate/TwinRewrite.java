package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.query.sqm.sql.SqmTranslation;
import org.hibernate.query.sqm.sql.StandardSqmTranslation;
import org.hibernate.sql.ast.spi.SqlSelection;
import org.hibernate.sql.ast.tree.MutationStatement;
import org.hibernate.sql.ast.tree.expression.ColumnReference;
import org.hibernate.sql.ast.tree.expression.Expression;
import org.hibernate.sql.ast.tree.expression.JdbcParameter;
import org.hibernate.sql.ast.tree.expression.Literal;
import org.hibernate.sql.ast.tree.expression.SqlTuple;
import org.hibernate.sql.ast.tree.insert.ConflictClause;
import org.hibernate.sql.ast.tree.insert.InsertSelectStatement;
import org.hibernate.sql.ast.tree.insert.Values;
import org.hibernate.sql.ast.tree.select.QueryGroup;
import org.hibernate.sql.ast.tree.select.QueryPart;
import org.hibernate.sql.ast.tree.select.QuerySpec;
import org.hibernate.sql.ast.tree.update.Assignment;
import org.hibernate.sql.ast.tree.update.UpdateStatement;
import org.jspecify.annotations.Nullable;

/** Adds the twins to one translated statement, and converts what their attributes get. */
record TwinRewrite(
        String entity,
        List<Twins> twins,
        List<Conversions.Written> converted,
        List<ComputedColumns> computed,
        List<GroupedColumns> wholes) {

    SqmTranslation<MutationStatement> translation(SqmTranslation<MutationStatement> translation) {
        if (translation.getSqlAst() instanceof UpdateStatement update) {
            update.getAssignments().stream()
                    .flatMap(assignment -> assignment.getAssignable().getColumnReferences().stream())
                    .forEach(this::requireAssignable);
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
            List<? extends Expression> values = columns.size() == 1
                    ? List.of(assignment.getAssignedValue())
                    : ((SqlTuple) assignment.getAssignedValue()).getExpressions();
            for (int i = 0; i < columns.size(); i++) {
                for (Twins twin : twinsOf(columns.get(i))) {
                    all.add(new Assignment(
                            reference(columns.get(i), twin), twinValue(columns.get(i), values.get(i), twin)));
                }
            }
            if (columns.stream().allMatch(column -> converted(column) == null)) {
                all.add(assignment);
            } else {
                for (int i = 0; i < columns.size(); i++) {
                    all.add(new Assignment(columns.get(i), ownValue(columns.get(i), values.get(i))));
                }
            }
        }
        return all;
    }

    /**
     * A new attribute follows its sources, and a statement would have to compute it for each row; an attribute of several
     * columns is converted as a whole.
     */
    private void requireAssignable(ColumnReference assigned) {
        String column = assigned.getColumnExpression();
        wholes.forEach(whole -> whole.requireNotAssigned(column));
        for (ComputedColumns one : computed) {
            if (column.equals(one.column())) {
                throw one.refused("it assigns the attribute, whose value is computed");
            }
            if (one.isWritten() && one.sources().contains(column)) {
                throw one.refused("it assigns " + column + ", from which the value is computed");
            }
        }
    }

    private void insert(InsertSelectStatement insert) {
        insert.getTargetColumns().forEach(this::requireAssignable);
        computed.stream().filter(ComputedColumns::isWritten).findFirst().ifPresent(one -> {
            throw one.refused("it inserts rows without the value, which is computed");
        });
        int columns = insert.getTargetColumns().size();
        QueryPart source = insert.getSourceSelectStatement();
        for (int i = 0; i < columns; i++) {
            int index = i;
            ColumnReference column = insert.getTargetColumns().get(i);
            Conversions.Written own = converted(column);
            if (own != null && source != null && own.attribute().isBoundInJava()) {
                throw notGiven(own.attribute(), "it selects the value");
            }
            for (Twins twin : twinsOf(column)) {
                insert.addTargetColumnReference(reference(column, twin));
                UnaryOperator<Expression> value = expression -> twinValue(column, expression, twin);
                if (source != null) {
                    selections(source, list -> list.add(selected(list, index, value)));
                }
                rows(insert, list -> list.add(value.apply(list.get(index))));
            }
            if (own != null) {
                UnaryOperator<Expression> value = expression -> ownValue(column, expression);
                if (source != null) {
                    selections(source, list -> list.set(index, selected(list, index, value)));
                }
                rows(insert, list -> list.set(index, value.apply(list.get(index))));
            }
        }
        ConflictClause conflict = insert.getConflictClause();
        if (conflict != null && conflict.isDoUpdate()) {
            conflict.getAssignments().stream()
                    .flatMap(assignment -> assignment.getAssignable().getColumnReferences().stream())
                    .forEach(this::requireAssignable);
            insert.setConflictClause(new ConflictClause(
                    conflict.getConstraintName(),
                    conflict.getConstraintColumnNames(),
                    assignments(conflict.getAssignments()),
                    conflict.getPredicate()));
        }
    }

    private static void rows(InsertSelectStatement insert, Consumer<List<Expression>> change) {
        insert.setValuesList(insert.getValuesList().stream()
                .map(row -> {
                    List<Expression> values = new ArrayList<>(row.getExpressions());
                    change.accept(values);
                    return new Values(values);
                })
                .toList());
    }

    private static void selections(QueryPart query, Consumer<List<SqlSelection>> change) {
        if (query instanceof QueryGroup group) {
            group.getQueryParts().forEach(part -> selections(part, change));
        } else {
            change.accept(((QuerySpec) query).getSelectClause().getSqlSelections());
        }
    }

    private static SqlSelection selected(List<SqlSelection> list, int index, UnaryOperator<Expression> value) {
        return TwinStatements.selection(value.apply(list.get(index).getExpression()));
    }

    private Conversions.@Nullable Written converted(ColumnReference column) {
        return converted.stream()
                .filter(one -> one.column().equals(column.getColumnExpression()))
                .findFirst()
                .orElse(null);
    }

    private Expression ownValue(ColumnReference column, Expression value) {
        Conversions.Written own = converted(column);
        return own == null ? value : value(value, own.attribute(), own.mapping(), own.expression());
    }

    private Expression twinValue(ColumnReference column, Expression value, Twins twin) {
        Conversions.Written own = converted(column);
        Expression twice = repeatable(value, twin);
        return own == null ? twice : value(twice, own.attribute(), twin.mapping(), twin.expression());
    }

    /** What a column gets when the attribute gets the value. */
    private static Expression value(
            Expression given, Conversions.Mapped attribute, JdbcMapping mapping, String expression) {
        AttributeConversion conversion = attribute.conversion();
        AttributeConversion check = attribute.isBoundInJava() ? null : conversion;
        Expression value = TwinStatements.plain(given);
        if (value instanceof JdbcParameter parameter) {
            value = new BoundParameter(new BoundParameter.Given(parameter), mapping, check);
        } else if (value instanceof Literal literal) {
            Object constant = literal.getJdbcMapping().convertToDomainValue(literal.getLiteralValue());
            value = new BoundParameter(
                    new BoundParameter.Constant(conversion.attributeValue(constant)), mapping, check);
        } else if (attribute.isBoundInJava()) {
            throw notGiven(attribute, "it assigns an expression");
        }
        return expression.equals("?") ? value : new WrittenExpression(expression, value, mapping);
    }

    private static StatementRefusedException notGiven(Conversions.Mapped attribute, String what) {
        return new StatementRefusedException(
                attribute.conversion(),
                "in " + attribute.phase().id() + " the old column is written, its conversion exists only in Java, and "
                        + what + ".",
                "Assign a parameter, give the conversion an SQL form, or load and change the entities.");
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

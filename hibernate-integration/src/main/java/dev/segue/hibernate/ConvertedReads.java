package dev.segue.hibernate;

import java.util.List;
import org.hibernate.query.sqm.ComparisonOperator;
import org.hibernate.sql.ast.spi.AbstractSqlAstWalker;
import org.hibernate.sql.ast.tree.Statement;
import org.hibernate.sql.ast.tree.delete.DeleteStatement;
import org.hibernate.sql.ast.tree.expression.AggregateFunctionExpression;
import org.hibernate.sql.ast.tree.expression.ColumnReference;
import org.hibernate.sql.ast.tree.expression.Expression;
import org.hibernate.sql.ast.tree.expression.JdbcParameter;
import org.hibernate.sql.ast.tree.expression.QueryLiteral;
import org.hibernate.sql.ast.tree.expression.SelfRenderingExpression;
import org.hibernate.sql.ast.tree.expression.SqlSelectionExpression;
import org.hibernate.sql.ast.tree.from.QueryPartTableReference;
import org.hibernate.sql.ast.tree.insert.ConflictClause;
import org.hibernate.sql.ast.tree.insert.InsertSelectStatement;
import org.hibernate.sql.ast.tree.predicate.ComparisonPredicate;
import org.hibernate.sql.ast.tree.predicate.InListPredicate;
import org.hibernate.sql.ast.tree.predicate.NullnessPredicate;
import org.hibernate.sql.ast.tree.predicate.Predicate;
import org.hibernate.sql.ast.tree.select.QueryPart;
import org.hibernate.sql.ast.tree.select.QuerySpec;
import org.hibernate.sql.ast.tree.select.SelectStatement;
import org.hibernate.sql.ast.tree.update.Assignment;
import org.hibernate.sql.ast.tree.update.UpdateStatement;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a statement in which the database would compare or compute with an old column that only Java can convert, or
 * with a column that is gone. What is right, and allowed: to select the attribute, and, as far as its type can answer, to
 * ask whether it is or is not a given value, one of several, or null, to count where it is not, and to assign a given
 * value to it. Everything else is refused, known here or not.
 */
final class ConvertedReads extends AbstractSqlAstWalker {

    /** The part of the statement whose selections go straight to the reader, each read by its own type. */
    private @Nullable QueryPart read;

    private ConvertedReads() {}

    /** @throws StatementRefusedException if it uses such a column in another way */
    static void check(Statement statement) {
        ConvertedReads walker = new ConvertedReads();
        if (statement instanceof SelectStatement select) {
            walker.read = select.getQueryPart();
        }
        statement.accept(walker);
    }

    @Override
    public void visitUpdateStatement(UpdateStatement update) {
        update.getFromClause().accept(this);
        update.getAssignments().forEach(assignment -> assignment.accept(this));
        where(update.getRestriction());
    }

    @Override
    public void visitDeleteStatement(DeleteStatement delete) {
        delete.getFromClause().accept(this);
        where(delete.getRestriction());
    }

    @Override
    public void visitAssignment(Assignment assignment) {
        assignment.getAssignable().getColumnReferences().forEach(ConvertedReads::assigned);
        super.visitAssignment(assignment);
    }

    private static void assigned(ColumnReference column) {
        Limited type = type(column);
        if (type != null && !type.assignable()) {
            throw type.refused("it assigns the attribute");
        }
    }

    @Override
    public void visitInsertStatement(InsertSelectStatement insert) {
        insert.getTargetColumns().forEach(ConvertedReads::assigned);
        super.visitInsertStatement(insert);
        ConflictClause conflict = insert.getConflictClause();
        if (conflict != null) {
            conflict.getAssignments().forEach(assignment -> assignment.accept(this));
            where(conflict.getPredicate());
        }
    }

    private void where(@Nullable Predicate restriction) {
        if (restriction != null) {
            restriction.accept(this);
        }
    }

    @Override
    public void visitQueryPartTableReference(QueryPartTableReference table) {
        QueryPart outer = read;
        // What it selects keeps its type, so its uses are seen where they are.
        read = table.getQueryPart();
        super.visitQueryPartTableReference(table);
        read = outer;
    }

    @Override
    public void visitQuerySpec(QuerySpec query) {
        if (query == read) {
            boolean distinct = query.getSelectClause().isDistinct();
            query.getSelectClause().getSqlSelections().forEach(selection -> {
                Limited type = type(selection.getExpression());
                if (type == null) {
                    selection.getExpression().accept(this);
                } else if (distinct && !type.comparable()) {
                    throw type.refused("its distinct values are told apart by the old column");
                }
            });
        } else {
            query.getSelectClause().accept(this);
        }
        query.getFromClause().accept(this);
        where(query.getWhereClauseRestrictions());
        query.getGroupByClauseExpressions().forEach(this::group);
        where(query.getHavingClauseRestrictions());
        visitOffsetFetchClause(query);
    }

    private void group(Expression expression) {
        Limited type = type(expression);
        if (type == null) {
            expression.accept(this);
        } else if (!type.comparable()) {
            throw type.refused("its groups are told apart by the old column");
        }
    }

    @Override
    public void visitRelationalPredicate(ComparisonPredicate predicate) {
        ComparisonOperator operator = predicate.getOperator();
        boolean equality = operator == ComparisonOperator.EQUAL
                || operator == ComparisonOperator.NOT_EQUAL
                || operator == ComparisonOperator.DISTINCT_FROM
                || operator == ComparisonOperator.NOT_DISTINCT_FROM;
        Expression left = predicate.getLeftHandExpression();
        Expression right = predicate.getRightHandExpression();
        if (!equality || !(isCompared(left, List.of(right)) || isCompared(right, List.of(left)))) {
            super.visitRelationalPredicate(predicate);
        }
    }

    @Override
    public void visitInListPredicate(InListPredicate predicate) {
        if (!isCompared(predicate.getTestExpression(), predicate.getListExpressions())) {
            super.visitInListPredicate(predicate);
        }
    }

    @Override
    public void visitNullnessPredicate(NullnessPredicate predicate) {
        Limited type = type(predicate.getExpression());
        if (type == null) {
            super.visitNullnessPredicate(predicate);
        } else if (!type.keepsNull()) {
            throw type.refused("NULL stands for a value on one of the two sides");
        }
    }

    @Override
    public void visitSelfRenderingExpression(SelfRenderingExpression expression) {
        if (expression instanceof AggregateFunctionExpression function && countsColumn(function)) {
            // It asks of each row whether that is null, and nothing more.
            where(function.getFilter());
        } else {
            super.visitSelfRenderingExpression(expression);
        }
    }

    private static boolean countsColumn(AggregateFunctionExpression function) {
        if (!function.getFunctionName().equals("count")
                || !(function.getArguments().get(0) instanceof Expression counted)) {
            return false;
        }
        Limited type = type(counted);
        return type != null && type.keepsNull();
    }

    /** Whether it is our column, compared with nothing but given values of it. */
    private boolean isCompared(Expression column, List<Expression> values) {
        Limited type = type(column);
        if (type == null || !values.stream().allMatch(value -> isGiven(value, type))) {
            return false;
        }
        if (!type.comparable()) {
            throw type.refused("equal values of the old column need not be equal values of the new one");
        }
        return true;
    }

    private static boolean isGiven(Expression value, Limited type) {
        Expression plain = TwinStatements.plain(value);
        // Bound by its type; another literal may be written into the statement as it stands.
        return (plain instanceof JdbcParameter || plain instanceof QueryLiteral)
                && value.getExpressionType() != null
                && type.equals(Limited.of(value.getExpressionType().getSingleJdbcMapping()));
    }

    private static @Nullable Limited type(Expression expression) {
        ColumnReference column = expression.getColumnReference();
        return column == null ? null : Limited.of(column.getJdbcMapping());
    }

    @Override
    public void visitColumnReference(ColumnReference column) {
        Limited type = Limited.of(column.getJdbcMapping());
        if (type != null) {
            throw type.refused("it compares or computes with what the old column holds");
        }
    }

    @Override
    public void visitSqlSelectionExpression(SqlSelectionExpression expression) {
        expression.getSelection().getExpression().accept(this);
    }
}

package dev.segue.hibernate;

import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.sql.ast.SqlAstTranslator;
import org.hibernate.sql.ast.spi.SqlAppender;
import org.hibernate.sql.ast.tree.expression.Expression;
import org.hibernate.sql.ast.tree.expression.SelfRenderingExpression;

/**
 * What a column is written with that does not hold the attribute's values themselves.
 *
 * @param expression has one question mark, for the value
 */
record WrittenExpression(String expression, Expression value, JdbcMapping mapping) implements SelfRenderingExpression {

    @Override
    public void renderToSql(SqlAppender sql, SqlAstTranslator<?> walker, SessionFactoryImplementor factory) {
        int mark = expression.indexOf('?');
        sql.append(expression.substring(0, mark));
        value.accept(walker);
        sql.append(expression.substring(mark + 1));
    }

    @Override
    public JdbcMapping getExpressionType() {
        return mapping;
    }
}

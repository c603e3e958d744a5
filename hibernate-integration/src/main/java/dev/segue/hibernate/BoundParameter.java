package dev.segue.hibernate;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.JdbcMappingContainer;
import org.hibernate.sql.ast.SqlAstWalker;
import org.hibernate.sql.ast.tree.expression.JdbcParameter;
import org.hibernate.sql.exec.spi.ExecutionContext;
import org.hibernate.sql.exec.spi.JdbcParameterBinder;
import org.hibernate.sql.exec.spi.JdbcParameterBinding;
import org.hibernate.sql.exec.spi.JdbcParameterBindings;
import org.hibernate.type.descriptor.ValueBinder;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a statement that is bound by the type of a column of ours: a literal of the query, or the value that
 * another parameter has in this very execution.
 *
 * @param conversion refuses a value that does not survive it, or null if the type does so
 */
record BoundParameter(
        Source source, JdbcMapping mapping, @Nullable AttributeConversion conversion)
        implements JdbcParameter, JdbcParameterBinder {

    /** Where the value comes from, as the attribute has it. */
    sealed interface Source {}

    record Constant(@Nullable Object value) implements Source {}

    record Given(JdbcParameter parameter) implements Source {}

    @Override
    @SuppressWarnings("unchecked")
    public void bindParameterValue(
            PreparedStatement statement, int position, JdbcParameterBindings bindings, ExecutionContext execution)
            throws SQLException {
        Object value = value(bindings);
        if (conversion != null) {
            conversion.toOld(value);
        }
        ((ValueBinder<@Nullable Object>) mapping.getJdbcValueBinder())
                .bind(statement, mapping.convertToRelationalValue(value), position, execution.getSession());
    }

    private @Nullable Object value(JdbcParameterBindings bindings) {
        if (source instanceof Given given) {
            JdbcParameterBinding binding = Objects.requireNonNull(bindings.getBinding(given.parameter()));
            Object bound = binding.getBindValue();
            return binding.getBindType().getValueConverter() == null
                    ? bound
                    : binding.getBindType().convertToDomainValue(bound);
        }
        return ((Constant) source).value();
    }

    @Override
    public JdbcParameterBinder getParameterBinder() {
        return this;
    }

    @Override
    public @Nullable Integer getParameterId() {
        return null;
    }

    @Override
    public JdbcMappingContainer getExpressionType() {
        return mapping;
    }

    @Override
    public void accept(SqlAstWalker walker) {
        walker.visitParameter(this);
    }
}

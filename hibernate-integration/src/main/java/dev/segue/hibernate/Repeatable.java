package dev.segue.hibernate;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hibernate.sql.ast.spi.AbstractSqlAstWalker;
import org.hibernate.sql.ast.tree.expression.Expression;
import org.hibernate.sql.ast.tree.expression.FunctionExpression;
import org.hibernate.sql.ast.tree.expression.SelfRenderingExpression;
import org.jspecify.annotations.Nullable;

/**
 * Whether an expression gives the same value when a statement computes it twice. Functions are known by name; one that
 * is not known could be {@code random()}, a sequence or the user's own.
 */
final class Repeatable extends AbstractSqlAstWalker {

    private static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "avg",
            "cast",
            "ceiling",
            "char_length",
            "character_length",
            "coalesce",
            "concat",
            "count",
            "current_date",
            "current_time",
            "current_timestamp",
            "extract",
            "floor",
            "greatest",
            "least",
            "left",
            "length",
            "locate",
            "lower",
            "lpad",
            "max",
            "min",
            "mod",
            "nullif",
            "overlay",
            "pad",
            "position",
            "repeat",
            "replace",
            "reverse",
            "right",
            "round",
            "rpad",
            "sign",
            "str",
            "substr",
            "substring",
            "sum",
            "trim",
            "upper",
            "||");

    private @Nullable String unknown;

    private Repeatable() {}

    /** The first function in it that may give another value the second time, if there is one. */
    static Optional<String> functionThatIsNot(Expression value) {
        Repeatable walker = new Repeatable();
        value.accept(walker);
        return Optional.ofNullable(walker.unknown);
    }

    @Override
    public void visitSelfRenderingExpression(SelfRenderingExpression expression) {
        if (!(expression instanceof FunctionExpression function)) {
            unknown = expression.getClass().getSimpleName();
        } else if (!FUNCTIONS.contains(function.getFunctionName().toLowerCase(Locale.ROOT))) {
            unknown = function.getFunctionName();
        }
        super.visitSelfRenderingExpression(expression);
    }
}

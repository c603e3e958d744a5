package dev.segue.hibernate;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/** A type whose column does not hold the attribute's value, so that a query may select it and nothing else. */
interface SelectOnlyType extends AttributeUserType, Limited {

    /** Only where the attribute has its own column as well: there it is written as it is. */
    @Override
    default void nullSafeSet(PreparedStatement statement, @Nullable Object value, int position, WrapperOptions options)
            throws SQLException {
        newType().nullSafeSet(statement, value, position, options.getSession());
    }

    @Override
    default boolean comparable() {
        return false;
    }

    @Override
    default boolean keepsNull() {
        return false;
    }

    @Override
    default boolean assignable() {
        return false;
    }

    @Override
    default @Nullable Object attributeValue(@Nullable Object literal) {
        return newType().getJavaTypeDescriptor().coerce(literal);
    }
}

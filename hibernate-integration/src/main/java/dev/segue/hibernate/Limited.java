package dev.segue.hibernate;

import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.type.CustomType;
import org.jspecify.annotations.Nullable;

/** The type of an attribute that a query may use only in some ways. */
interface Limited {

    /** That of a column, if it has one. */
    static @Nullable Limited of(@Nullable JdbcMapping mapping) {
        return mapping instanceof CustomType<?> custom && custom.getUserType() instanceof Limited limited
                ? limited
                : null;
    }

    /** Whether equal values of the attribute are equal to the database, and the other way round. */
    boolean comparable();

    /** Whether NULL to the database is NULL to the attribute, and the other way round. */
    boolean keepsNull();

    /** Whether a statement may assign it. */
    boolean assignable();

    /** A literal beside it as a value of the attribute: {@code 3400} is a Long if the attribute is. */
    @Nullable
    Object attributeValue(@Nullable Object literal);

    /**
     * The refusal of a statement.
     *
     * @param reason a clause
     */
    StatementRefusedException refused(String reason);
}

package dev.segue.hibernate;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.jspecify.annotations.Nullable;

/**
 * The type of an attribute in its old column, by a conversion that exists only in Java. To Hibernate it looks like the
 * attribute's own type, so that a query is first understood and then refused by {@link ConvertedReads} if it would
 * compare or compute with what the column really holds.
 *
 * @param comparable whether two equal attribute values are equal in the column too, and the other way round
 */
record ConvertedType(AttributeConversion conversion, String phase, boolean comparable)
        implements AttributeUserType, Limited {

    @Override
    public BasicType<@Nullable Object> newType() {
        return conversion.newType();
    }

    @Override
    public @Nullable Object nullSafeGet(ResultSet row, int position, WrapperOptions options) throws SQLException {
        return conversion.toNew(conversion.oldType().getJdbcValueExtractor().extract(row, position, options));
    }

    @Override
    public void nullSafeSet(PreparedStatement statement, @Nullable Object value, int position, WrapperOptions options)
            throws SQLException {
        conversion.oldType().nullSafeSet(statement, conversion.toOld(value), position, options.getSession());
    }

    @Override
    public boolean keepsNull() {
        return conversion.keepsNull();
    }

    @Override
    public boolean assignable() {
        return true;
    }

    @Override
    public @Nullable Object attributeValue(@Nullable Object literal) {
        return conversion.attributeValue(literal);
    }

    @Override
    public StatementRefusedException refused(String reason) {
        return new StatementRefusedException(
                conversion,
                "in " + phase + " the old column is read, its conversion exists only in Java, and " + reason + ".",
                "Ask for equality with a parameter, give the conversion an SQL form, or wait until read-new.");
    }
}

package dev.segue.hibernate;

import java.io.Serializable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.type.CustomType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/**
 * The type of an attribute in its old column, by a conversion that exists only in Java. To Hibernate it looks like the
 * attribute's own type, so that a query is first understood and then refused by {@link ConvertedReads} if it would
 * compare or compute with what the column really holds.
 *
 * @param comparable whether two equal attribute values are equal in the column too, and the other way round
 */
record ConvertedType(AttributeConversion conversion, String phase, boolean comparable)
        implements UserType<@Nullable Object> {

    /** That of a column, if it has one. */
    static @Nullable ConvertedType of(@Nullable JdbcMapping mapping) {
        return mapping instanceof CustomType<?> custom && custom.getUserType() instanceof ConvertedType converted
                ? converted
                : null;
    }

    @Override
    public int getSqlType() {
        return conversion.newType().getJdbcType().getDefaultSqlTypeCode();
    }

    @Override
    public Class<@Nullable Object> returnedClass() {
        return conversion.newType().getJavaTypeDescriptor().getJavaTypeClass();
    }

    @Override
    public boolean equals(@Nullable Object x, @Nullable Object y) {
        return conversion.same(x, y);
    }

    @Override
    public int hashCode(@Nullable Object x) {
        return x == null ? 0 : conversion.newType().getJavaTypeDescriptor().extractHashCode(x);
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
    public @Nullable Object deepCopy(@Nullable Object value) {
        return conversion.newType().getJavaTypeDescriptor().getMutabilityPlan().deepCopy(value);
    }

    @Override
    public boolean isMutable() {
        return conversion.newType().getJavaTypeDescriptor().getMutabilityPlan().isMutable();
    }

    @Override
    public @Nullable Serializable disassemble(@Nullable Object value) {
        return (Serializable) deepCopy(value);
    }

    @Override
    public @Nullable Object assemble(@Nullable Serializable cached, @Nullable Object owner) {
        return deepCopy(cached);
    }
}

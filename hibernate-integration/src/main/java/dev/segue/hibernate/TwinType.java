package dev.segue.hibernate;

import java.io.Serializable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/**
 * The type of a twin: bound like the attribute, read as nothing, and equal to everything, so that it is never what makes an
 * entity dirty.
 */
final class TwinType<T> implements UserType<T> {

    private final BasicType<T> attribute;

    TwinType(BasicType<T> attribute) {
        this.attribute = attribute;
    }

    @Override
    public int getSqlType() {
        return attribute.getJdbcType().getDefaultSqlTypeCode();
    }

    @Override
    public Class<T> returnedClass() {
        return attribute.getJavaType();
    }

    @Override
    public boolean equals(@Nullable T x, @Nullable T y) {
        return true;
    }

    @Override
    public int hashCode(@Nullable T x) {
        return 0;
    }

    @Override
    public @Nullable T nullSafeGet(ResultSet row, int position, WrapperOptions options) {
        // Selected only when rows of several tables are locked, and forgotten.
        return null;
    }

    @Override
    public void nullSafeSet(PreparedStatement statement, @Nullable T value, int position, WrapperOptions options)
            throws SQLException {
        attribute.nullSafeSet(statement, value, position, options.getSession());
    }

    @Override
    public @Nullable T deepCopy(@Nullable T value) {
        return value;
    }

    @Override
    public boolean isMutable() {
        return false;
    }

    @Override
    public @Nullable Serializable disassemble(@Nullable T value) {
        return null;
    }

    @Override
    public @Nullable T assemble(@Nullable Serializable cached, Object owner) {
        return null;
    }
}

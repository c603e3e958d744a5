package dev.segue.hibernate;

import java.io.Serializable;
import org.hibernate.type.BasicType;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/** A type of ours whose values are those of an attribute. */
interface AttributeUserType extends UserType<@Nullable Object> {

    /** The attribute's own. */
    BasicType<@Nullable Object> newType();

    private JavaType<@Nullable Object> java() {
        return newType().getJavaTypeDescriptor();
    }

    @Override
    default int getSqlType() {
        return newType().getJdbcType().getDefaultSqlTypeCode();
    }

    @Override
    default Class<@Nullable Object> returnedClass() {
        return java().getJavaTypeClass();
    }

    @Override
    default boolean equals(@Nullable Object x, @Nullable Object y) {
        return (x == null || y == null) ? x == y : java().areEqual(x, y);
    }

    @Override
    default int hashCode(@Nullable Object x) {
        return x == null ? 0 : java().extractHashCode(x);
    }

    @Override
    default @Nullable Object deepCopy(@Nullable Object value) {
        return java().getMutabilityPlan().deepCopy(value);
    }

    @Override
    default boolean isMutable() {
        return java().getMutabilityPlan().isMutable();
    }

    @Override
    default @Nullable Serializable disassemble(@Nullable Object value) {
        return (Serializable) deepCopy(value);
    }

    @Override
    default @Nullable Object assemble(@Nullable Serializable cached, @Nullable Object owner) {
        return deepCopy(cached);
    }
}

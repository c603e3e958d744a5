package dev.segue.hibernate;

import org.hibernate.type.BasicType;
import org.hibernate.type.CustomType;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.spi.TypeConfiguration;
import org.hibernate.usertype.UserType;
import org.jspecify.annotations.Nullable;

/** To a query it is of the attribute's own Java type: HQL finds the constants of an enum by it. */
final class AsAttribute extends CustomType<@Nullable Object> {

    private static final long serialVersionUID = 1L;

    private final transient JavaType<@Nullable Object> javaType;

    @SuppressWarnings("unchecked")
    AsAttribute(UserType<@Nullable Object> type, BasicType<?> attribute, TypeConfiguration types) {
        super(type, types);
        javaType = (JavaType<@Nullable Object>) attribute.getJavaTypeDescriptor();
    }

    @Override
    public JavaType<@Nullable Object> getMappedJavaType() {
        return javaType;
    }
}

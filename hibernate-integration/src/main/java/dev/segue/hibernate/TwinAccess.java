package dev.segue.hibernate;

import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.mapping.Property;
import org.hibernate.property.access.spi.Getter;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.property.access.spi.PropertyAccessStrategy;
import org.hibernate.property.access.spi.Setter;
import org.jspecify.annotations.Nullable;

/** A twin has no field of its own: it is read from the attribute, and nothing is ever written to it. */
final class TwinAccess implements PropertyAccessStrategy {

    private final Property attribute;

    TwinAccess(Property attribute) {
        this.attribute = attribute;
    }

    @Override
    public PropertyAccess buildPropertyAccess(Class<?> type, String property, boolean setterRequired) {
        Getter getter = new OfAttribute(attribute.getGetter(type));
        return new NoField(this, getter, IGNORED);
    }

    /** How a property without a field is reached. */
    record NoField(PropertyAccessStrategy strategy, Getter getter, Setter setter) implements PropertyAccess {
        @Override
        public PropertyAccessStrategy getPropertyAccessStrategy() {
            return strategy;
        }

        @Override
        public Getter getGetter() {
            return getter;
        }

        @Override
        public Setter getSetter() {
            return setter;
        }
    }

    /** Takes a value and forgets it. */
    static final Setter IGNORED = new Setter() {
        private static final long serialVersionUID = 1L;

        @Override
        public void set(Object target, @Nullable Object value) {
            // The attribute has the value already.
        }

        @Override
        public @Nullable String getMethodName() {
            return null;
        }

        @Override
        public @Nullable Method getMethod() {
            return null;
        }
    };

    private static final class OfAttribute implements Getter {

        private static final long serialVersionUID = 1L;

        private final transient Getter attribute;

        OfAttribute(Getter attribute) {
            this.attribute = attribute;
        }

        @Override
        public @Nullable Object get(Object owner) {
            return attribute.get(owner);
        }

        @Override
        public @Nullable Object getForInsert(
                Object owner, Map<Object, Object> merged, SharedSessionContractImplementor session) {
            return attribute.getForInsert(owner, merged, session);
        }

        @Override
        public Class<?> getReturnTypeClass() {
            return attribute.getReturnTypeClass();
        }

        @Override
        public Type getReturnType() {
            return attribute.getReturnType();
        }

        @Override
        public @Nullable Member getMember() {
            return null;
        }

        @Override
        public @Nullable String getMethodName() {
            return null;
        }

        @Override
        public @Nullable Method getMethod() {
            return null;
        }
    }
}

package dev.segue.hibernate;

import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.property.access.spi.Getter;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.property.access.spi.PropertyAccessStrategy;
import org.hibernate.property.access.spi.Setter;
import org.jspecify.annotations.Nullable;

/** Where the comparison of both columns arrives when a row is loaded: 1 if they differ, 0 if not. */
final class ShadowAccess implements PropertyAccessStrategy {

    private final String change;
    private final String entity;
    private final ShadowReads listener;

    ShadowAccess(String change, String entity, ShadowReads listener) {
        this.change = change;
        this.entity = entity;
        this.listener = listener;
    }

    /** Whether it is the comparison of a change, and one that {@link ShadowComparison} makes after the load. */
    static boolean isComparedInJava(@Nullable AttributeMapping attribute) {
        return attribute != null
                && attribute.getPropertyAccess().getPropertyAccessStrategy() instanceof ShadowAccess access
                && access.listener == ShadowReads.UNHEARD;
    }

    @Override
    public PropertyAccess buildPropertyAccess(Class<?> type, String property, boolean setterRequired) {
        return new TwinAccess.NoField(this, NOTHING, new Report(change, entity, listener));
    }

    private static final class Report implements Setter {

        private static final long serialVersionUID = 1L;

        private final String change;
        private final String entity;
        private final transient ShadowReads listener;

        Report(String change, String entity, ShadowReads listener) {
            this.change = change;
            this.entity = entity;
            this.listener = listener;
        }

        @Override
        public void set(Object target, @Nullable Object value) {
            if (Integer.valueOf(1).equals(value)) {
                listener.mismatch(change, entity);
            }
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

    private static final Getter NOTHING = new Getter() {
        private static final long serialVersionUID = 1L;

        @Override
        public @Nullable Object get(Object owner) {
            return null;
        }

        @Override
        public @Nullable Object getForInsert(
                Object owner, Map<Object, Object> merged, SharedSessionContractImplementor session) {
            return null;
        }

        @Override
        public Class<?> getReturnTypeClass() {
            return Integer.class;
        }

        @Override
        public Type getReturnType() {
            return Integer.class;
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
    };
}

package dev.segue.hibernate;

import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.BiConsumer;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.property.access.spi.Getter;
import org.hibernate.property.access.spi.PropertyAccess;
import org.hibernate.property.access.spi.PropertyAccessStrategy;
import org.hibernate.property.access.spi.Setter;
import org.jspecify.annotations.Nullable;

/** A property without a field, whose value is handed to somebody whenever a row is loaded. */
final class HiddenAccess implements PropertyAccessStrategy {

    /** Of what is only kept in the session. */
    static final HiddenAccess UNHEARD = new HiddenAccess((object, value) -> {});

    private final BiConsumer<Object, @Nullable Object> reader;

    /** @param reader is given the object and what was read for it */
    HiddenAccess(BiConsumer<Object, @Nullable Object> reader) {
        this.reader = reader;
    }

    /** Of a comparison of both columns, which is 1 if they differ: a property of the entity itself. */
    static HiddenAccess ofComparison(String change, PersistentClass entity, ShadowReads listener) {
        return new HiddenAccess((object, differs) -> {
            if (Integer.valueOf(1).equals(differs)) {
                Property key = entity.getIdentifierProperty();
                listener.mismatch(
                        change,
                        entity.getEntityName(),
                        key == null
                                ? null
                                : key.getGetter(entity.getMappedClass()).get(object));
            }
        });
    }

    /** Whether what was read of the attribute is kept in the session, for {@link ShadowComparison}. */
    static boolean isKept(@Nullable AttributeMapping attribute) {
        return attribute != null && attribute.getPropertyAccess().getPropertyAccessStrategy() == UNHEARD;
    }

    @Override
    public PropertyAccess buildPropertyAccess(Class<?> type, String property, boolean setterRequired) {
        return new TwinAccess.NoField(this, NOTHING, new Handover(reader));
    }

    private static final class Handover implements Setter {

        private static final long serialVersionUID = 1L;

        private final transient BiConsumer<Object, @Nullable Object> reader;

        Handover(BiConsumer<Object, @Nullable Object> reader) {
            this.reader = reader;
        }

        @Override
        public void set(Object target, @Nullable Object value) {
            reader.accept(target, value);
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
            return Object.class;
        }

        @Override
        public Type getReturnType() {
            return Object.class;
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

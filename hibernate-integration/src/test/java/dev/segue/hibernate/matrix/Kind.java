package dev.segue.hibernate.matrix;

import dev.segue.test.database.Engine;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.annotations.AttributeBinderType;
import org.hibernate.binder.AttributeBinder;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.jspecify.annotations.Nullable;

/**
 * One kind of change. A kind is a class with one field for each type of attribute that it can change, annotated as the
 * attribute of an application would be; a field of type {@link Object} stands for every other type.
 */
abstract class Kind {

    /** The setting that has the kind. */
    static final String SETTING = "dev.segue.test.kind";

    static final String CHANGE = "amount";
    static final String OLD = "amount_old";
    static final String NEW = "amount_new";

    /** As refusals name it. */
    abstract String name();

    /** The old column's type. */
    abstract String typeBefore(Engine engine, Values values);

    /** What the old column holds beside the new one, both as JDBC gives them. */
    abstract @Nullable Object before(@Nullable Object current);

    /** What the new column holds beside the old one. */
    abstract @Nullable Object after(Values values, @Nullable Object old);

    boolean changes(Class<?> type) {
        return declaration(type).isPresent();
    }

    void bind(Class<?> type, MetadataBuildingContext context, PersistentClass entity, Property property) {
        declaration(type).ifPresent(annotation -> bind(annotation, context, entity, property));
    }

    private Optional<Annotation> declaration(Class<?> type) {
        return declared(type).or(() -> declared(Object.class));
    }

    private Optional<Annotation> declared(Class<?> type) {
        return Stream.of(getClass().getDeclaredFields())
                .filter(field -> field.getType() == type)
                .map(Kind::annotation)
                .findFirst();
    }

    private static Annotation annotation(Field field) {
        return Stream.of(field.getAnnotations())
                .filter(one -> one.annotationType().isAnnotationPresent(AttributeBinderType.class))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static <A extends Annotation> void bind(
            A annotation, MetadataBuildingContext context, PersistentClass entity, Property property) {
        try {
            Class<?> binder = annotation
                    .annotationType()
                    .getAnnotation(AttributeBinderType.class)
                    .binder();
            ((AttributeBinder<A>) binder.getDeclaredConstructor().newInstance())
                    .bind(annotation, context, entity, property);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public final String toString() {
        return name();
    }
}

package dev.segue.hibernate.matrix;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    /** The names of all old columns begin so. */
    static final String OLD = "amount_old";

    /** The names of all columns of the attribute begin so. */
    static final String NEW = "amount_new";

    static final String OLD_REST = OLD + "_rest";
    static final String NEW_REST = NEW + "_rest";

    /** As refusals name it. */
    abstract String name();

    /** The old columns, each with its type. */
    abstract Map<String, String> columnsBefore(Engine engine, Values values);

    /** What the old columns hold beside the new ones of a row, all as JDBC gives them. */
    public abstract Map<String, @Nullable Object> before(Map<String, @Nullable Object> row);

    /** The phases that it has. */
    List<Phase> phases() {
        return List.of(Phase.values());
    }

    /** The attribute's columns as they are in a phase, each with its type. */
    Map<String, String> columns(Phase phase, Engine engine, Values values) {
        Map<String, String> columns = new TreeMap<>();
        if (phase != Phase.OLD_ONLY) {
            columns.putAll(values.columns(engine));
        }
        if (phase != Phase.NEW_ONLY) {
            columns.putAll(columnsBefore(engine, values));
        }
        return columns;
    }

    /** A row of the plain table as it should be in a phase. */
    Map<String, @Nullable Object> row(Phase phase, Map<String, @Nullable Object> plain) {
        Map<String, @Nullable Object> expected = new TreeMap<>(plain);
        expected.keySet().removeIf(name -> name.startsWith(NEW) && !phase.writes(Side.NEW));
        if (phase.writes(Side.OLD)) {
            expected.putAll(before(plain));
        }
        return expected;
    }

    /** What no statement of a phase may name. */
    Stream<String> unnamed(Phase phase) {
        return Stream.of(Side.values()).filter(side -> !phase.names(side)).map(side -> side == Side.OLD ? OLD : NEW);
    }

    /** Whether the attribute is null in this phase, whatever was stored. */
    boolean hides(Phase phase) {
        return false;
    }

    /** Whether it is tried on that shape, if it can change an attribute of that type. */
    boolean walks(Shape shape) {
        return true;
    }

    /** Whether all ways over that shape are tried every day, and not only in a full walk. */
    boolean isDaily(Shape shape) {
        return true;
    }

    /** Whether that way means the same as without the change. */
    boolean compares(Way way) {
        return true;
    }

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

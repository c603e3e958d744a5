package dev.segue.hibernate;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.Property;
import org.hibernate.property.access.spi.Getter;
import org.hibernate.property.access.spi.Setter;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A value that lies in several columns, or in one. An object of nothing but nulls is null, as Hibernate reads an embedded
 * object. Thread-safe.
 *
 * @param types how each column is read and bound
 * @param taken the columns' values, out of an object that is not null
 * @param made the object, of values that are not all null
 */
record Parts(
        List<BasicType<@Nullable Object>> types,
        Function<Object, List<@Nullable Object>> taken,
        Function<List<@Nullable Object>, @Nullable Object> made) {

    /** Of no column. */
    static final Parts NONE = new Parts(List.of(), value -> List.of(), values -> null);

    /** One column with the value itself. */
    static Parts of(BasicType<@Nullable Object> type) {
        return new Parts(List.of(type), Collections::singletonList, values -> values.get(0));
    }

    /**
     * Those of a conversion's old value: a record, where there are several columns.
     *
     * @throws UnfitConversionException if the class does not fit the columns
     */
    static Parts of(Class<?> type, List<String> columns, TypeConfiguration types) {
        if (columns.isEmpty()) {
            return NONE;
        }
        if (columns.size() == 1) {
            return of(ConversionClass.basic(type, types));
        }
        RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
        if (components.length != columns.size()) {
            throw new UnfitConversionException(
                    "The conversion takes the columns " + columns + " as a " + type.getName() + ".",
                    "Let the conversion's first type be a record with one component for each of them, in this order.");
        }
        List<BasicType<@Nullable Object>> basic = Stream.of(components)
                .map(component -> ConversionClass.basic(component.getType(), types))
                .toList();
        return ofRecord(type, basic);
    }

    private static Parts ofRecord(Class<?> type, List<BasicType<@Nullable Object>> types) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            List<Method> accessors = Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getAccessor)
                    .toList();
            accessors.forEach(accessor -> accessor.setAccessible(true));
            return new Parts(
                    types,
                    value -> {
                        List<@Nullable Object> values = new ArrayList<>();
                        accessors.forEach(accessor -> values.add(reflect(() -> accessor.invoke(value))));
                        return values;
                    },
                    values -> reflect(() -> constructor.newInstance(values.toArray())));
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UnfitConversionException(
                    "The record " + type.getName() + " cannot be made: " + e + ".", "Make it public.");
        }
    }

    private interface Reflection {
        @Nullable
        Object run() throws ReflectiveOperationException;
    }

    private static @Nullable Object reflect(Reflection reflection) {
        try {
            return reflection.run();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * The attributes of an embedded object, or a basic attribute, in the order in which they are declared.
     *
     * @throws UnfitConversionException if nobody can tell the order
     */
    static List<Property> declared(Property attribute) {
        if (!(attribute.getValue() instanceof Component component)) {
            return List.of(attribute);
        }
        Class<?> type = component.getComponentClass();
        List<String> names = type.isRecord()
                ? Stream.of(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()
                : fields(type);
        List<Property> ordered = names.stream()
                .filter(component::hasProperty)
                .map(component::getProperty)
                .toList();
        if (ordered.size() != component.getProperties().size()) {
            throw new UnfitConversionException(
                    "The attributes of " + type.getName() + " are not all fields, so their order is not known.",
                    "Let each attribute of the embedded object be a field.");
        }
        return ordered;
    }

    private static List<String> fields(Class<?> type) {
        List<String> names = new ArrayList<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            names.addAll(
                    0,
                    Arrays.stream(each.getDeclaredFields()).map(Field::getName).toList());
        }
        return names;
    }

    /**
     * Those of an attribute's value.
     *
     * @throws UnfitConversionException if nobody can tell their order, or the embedded object cannot be made
     */
    static Parts of(Property attribute) {
        List<Property> declared = declared(attribute);
        List<BasicType<@Nullable Object>> types =
                declared.stream().map(Parts::type).toList();
        if (!(attribute.getValue() instanceof Component component)) {
            return of(types.get(0));
        }
        Class<?> type = component.getComponentClass();
        if (type.isRecord()) {
            return ofRecord(type, types);
        }
        List<Getter> getters =
                declared.stream().map(each -> each.getGetter(type)).toList();
        List<Setter> setters =
                declared.stream().map(each -> each.getSetter(type)).toList();
        Constructor<?> constructor;
        try {
            constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new UnfitConversionException(
                    "An object of " + type.getName() + " cannot be made: " + e + ".",
                    "Give it a constructor without parameters.");
        }
        return new Parts(
                types,
                value -> {
                    List<@Nullable Object> values = new ArrayList<>();
                    getters.forEach(getter -> values.add(getter.get(value)));
                    return values;
                },
                values -> {
                    Object made = Objects.requireNonNull(reflect(constructor::newInstance));
                    for (int i = 0; i < setters.size(); i++) {
                        setters.get(i).set(made, values.get(i));
                    }
                    return made;
                });
    }

    @SuppressWarnings("unchecked")
    private static BasicType<@Nullable Object> type(Property part) {
        return (BasicType<@Nullable Object>)
                ((BasicValue) part.getValue()).resolve().getLegacyResolvedBasicType();
    }

    List<@Nullable Object> values(@Nullable Object value) {
        return value == null ? Collections.nCopies(types.size(), null) : taken.apply(value);
    }

    @Nullable
    Object value(List<@Nullable Object> values) {
        return values.stream().allMatch(Objects::isNull) ? null : made.apply(values);
    }

    /** A value that stays as it is, whatever happens to the given one. */
    @Nullable
    Object copy(@Nullable Object value) {
        List<@Nullable Object> copies = new ArrayList<>();
        List<@Nullable Object> values = values(value);
        for (int i = 0; i < values.size(); i++) {
            copies.add(types.get(i).getJavaTypeDescriptor().getMutabilityPlan().deepCopy(values.get(i)));
        }
        return value(copies);
    }

    boolean same(@Nullable Object left, @Nullable Object right) {
        return sameValues(values(left), values(right));
    }

    boolean sameValues(List<@Nullable Object> left, List<@Nullable Object> right) {
        for (int i = 0; i < types.size(); i++) {
            if (!same(types.get(i), left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    static boolean same(BasicType<@Nullable Object> type, @Nullable Object left, @Nullable Object right) {
        return (left == null || right == null)
                ? left == right
                : type.getJavaTypeDescriptor().areEqual(left, right);
    }
}

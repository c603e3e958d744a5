package dev.segue.hibernate;

import java.beans.Introspector;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Value;
import org.jspecify.annotations.Nullable;

/**
 * The annotations as they stand in the classes. Hibernate only shows those of attributes that it maps; one on a getter
 * beside mapped fields, on a transient attribute or under an XML mapping would be passed over in silence, and the
 * application would read and write the new column before its time.
 */
final class AnnotatedMembers {

    private final Map<String, Set<String>> membersByChange = new TreeMap<>();

    AnnotatedMembers(Metadata metadata) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        for (PersistentClass entity : metadata.getEntityBindings()) {
            addWithSuperclasses(entity.getMappedClass(), classes);
            entity.getPropertyClosure().forEach(property -> addEmbeddable(property.getValue(), classes));
        }
        metadata.getCollectionBindings().forEach(collection -> addEmbeddable(collection.getElement(), classes));
        classes.forEach(this::read);
    }

    private static void addWithSuperclasses(@Nullable Class<?> type, Set<Class<?>> classes) {
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            classes.add(each);
        }
    }

    private static void addEmbeddable(Value value, Set<Class<?>> classes) {
        if (value instanceof Component component && component.getComponentClassName() != null) {
            addWithSuperclasses(component.getComponentClass(), classes);
            component.getProperties().forEach(inner -> addEmbeddable(inner.getValue(), classes));
        }
    }

    private void read(Class<?> type) {
        for (Field field : type.getDeclaredFields()) {
            add(Mark.on(field), type, field.getName());
        }
        for (Method method : type.getDeclaredMethods()) {
            // A bridge is the compiler's copy.
            if (!method.isBridge()) {
                add(Mark.on(method), type, attribute(method.getName()));
            }
        }
    }

    private void add(Stream<Mark> marks, Class<?> type, String attribute) {
        marks.forEach(mark -> membersByChange
                .computeIfAbsent(mark.change(), change -> new TreeSet<>())
                .add(type.getName() + "." + attribute));
    }

    /** What a method gives access to; that of a record has the attribute's own name. */
    private static String attribute(String method) {
        for (String prefix : List.of("get", "is")) {
            if (method.startsWith(prefix) && method.length() > prefix.length()) {
                return Introspector.decapitalize(method.substring(prefix.length()));
            }
        }
        return method;
    }

    void check(Findings findings) {
        membersByChange.forEach((change, members) -> {
            String where = String.join(", ", members);
            if (!findings.hasSeen(change)) {
                findings.refuse(
                        where,
                        change,
                        "Hibernate does not map what carries this annotation, so nobody would follow it.",
                        "Put the annotation where the mapping is read from: on the field if @Id is on a field, on the"
                                + " getter if @Id is on a getter, and not on a transient attribute.");
            } else if (members.size() > 1) {
                findings.refuse(
                        where,
                        change,
                        "Several attributes carry the id of one change, and a change is of one attribute.",
                        "Give each attribute an id of its own.");
            }
        });
    }
}

package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.ComponentType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/** Where in an entity an attribute is: in itself, or in an embedded object, however deep. */
final class AttributePath {

    private AttributePath() {}

    /** The attributes that lead to this one, with it at the end. An attribute of a collection's element is alone. */
    static List<Property> to(Property attribute, PersistentClass entity) {
        List<Property> path = new ArrayList<>();
        if (!find(attribute, entity.getProperties(), path)) {
            path.add(attribute);
        }
        return path;
    }

    static boolean isPartOfIdentifier(Property attribute, PersistentClass entity) {
        if (attribute.equals(entity.getIdentifierProperty())
                || attribute.getValue().equals(entity.getIdentifier())) {
            return true;
        }
        return Stream.of(entity.getIdentifier(), entity.getIdentifierMapper())
                .filter(Objects::nonNull)
                .flatMap(id -> id instanceof Component component ? Stream.of(component) : Stream.of())
                .anyMatch(id -> find(attribute, id.getProperties(), new ArrayList<>()));
    }

    /** The attribute's value in the state of an entity; null if an embedded object on the way is. */
    static @Nullable Object value(EntityPersister persister, @Nullable Object[] state, List<String> path) {
        int root = persister.getPropertyIndex(path.get(0));
        Object value = state[root];
        Type each = persister.getPropertyTypes()[root];
        for (String name : path.subList(1, path.size())) {
            ComponentType component = (ComponentType) each;
            int index = component.getPropertyIndex(name);
            value = value == null ? null : component.getPropertyValue(value, index);
            each = component.getSubtypes()[index];
        }
        return value;
    }

    private static boolean find(Property attribute, List<Property> within, List<Property> path) {
        for (Property each : within) {
            path.add(each);
            boolean found = each.equals(attribute)
                    || (each.getValue() instanceof Component component
                            && find(attribute, component.getProperties(), path));
            if (found) {
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }
}

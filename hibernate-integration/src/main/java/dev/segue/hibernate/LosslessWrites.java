package dev.segue.hibernate;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.ComponentType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to write a value that does not survive its conversion, where no type of the mapping does so: another node may
 * read the other side, and the way back must stay open.
 */
final class LosslessWrites extends BeforeWrites {

    private static final long serialVersionUID = 1L;

    private final transient Conversions conversions;
    private final transient Map<EntityPersister, List<Conversions.Mapped>> unchecked = new ConcurrentHashMap<>();

    LosslessWrites(Conversions conversions) {
        this.conversions = conversions;
    }

    @Override
    void look(EntityPersister persister, Object[] state) {
        List<Conversions.Mapped> attributes = unchecked.computeIfAbsent(
                persister,
                entity -> conversions.of(entity).stream()
                        .filter(one -> !one.isBoundInJava())
                        .toList());
        for (Conversions.Mapped attribute : attributes) {
            int index = persister.getPropertyIndex(attribute.path().get(0));
            Object value = value(state[index], persister.getPropertyTypes()[index], attribute.path());
            attribute.conversion().toOld(value);
        }
    }

    private static @Nullable Object value(@Nullable Object root, Type type, List<String> path) {
        Object value = root;
        Type each = type;
        for (String name : path.subList(1, path.size())) {
            ComponentType component = (ComponentType) each;
            int index = component.getPropertyIndex(name);
            value = value == null ? null : component.getPropertyValue(value, index);
            each = component.getSubtypes()[index];
        }
        return value;
    }
}

package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Gives the twins of an entity the values of their attributes again, right before they are written. A callback such as
 * {@code @PreUpdate}, an interceptor or another listener may have set an attribute after the state was taken; Hibernate
 * then takes over what is dirty, and a twin never is.
 */
final class TwinState extends BeforeWrites {

    private static final long serialVersionUID = 1L;

    /** Where in the state of an entity a twin is, and where its attribute. */
    private record Pair(int twin, int attribute) {}

    private final transient PerEntity<List<Pair>> pairs = new PerEntity<>(TwinState::pairs);

    @Override
    boolean concerns(EntityPersister persister) {
        return !pairs.of(persister).isEmpty();
    }

    @Override
    void look(EntityPersister persister, Object[] state) {
        for (Pair pair : pairs.of(persister)) {
            // What is compared later must not change with the attribute; other twins are not copied.
            state[pair.twin()] =
                    persister.getPropertyTypes()[pair.twin()].deepCopy(state[pair.attribute()], persister.getFactory());
        }
    }

    /** A twin in an embedded object is read from that object when it is bound; only those of the entity are in its state. */
    private static List<Pair> pairs(EntityPersister persister) {
        List<String> names = List.of(persister.getPropertyNames());
        List<Pair> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int twin = i;
            Twins.attributeOf(names.get(i)).ifPresent(attribute -> found.add(new Pair(twin, names.indexOf(attribute))));
        }
        return found;
    }
}

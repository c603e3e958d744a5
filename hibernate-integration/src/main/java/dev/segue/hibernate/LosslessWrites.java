package dev.segue.hibernate;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Refuses to write a value that does not survive its conversion, where no type of the mapping does so: another node may
 * read the other side, and the way back must stay open.
 */
final class LosslessWrites extends BeforeWrites {

    private static final long serialVersionUID = 1L;

    private final transient Conversions conversions;
    private final transient Map<EntityPersister, List<Conversions.Mapped>> unchecked = new ConcurrentHashMap<>();

    private final transient Map<EntityPersister, List<GroupedAttribute>> grouped = new ConcurrentHashMap<>();

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
        for (GroupedAttribute attribute : grouped.computeIfAbsent(persister, conversions::groupedIn)) {
            attribute.conversion().toOld(state[persister.getPropertyIndex(attribute.name())]);
        }
        for (Conversions.Mapped attribute : attributes) {
            attribute.conversion().toOld(AttributePath.value(persister, state, attribute.path()));
        }
    }
}

package dev.segue.hibernate;

import java.util.List;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Refuses to write a value that does not survive its conversion, where no type of the mapping does so: another node may
 * read the other side, and the way back must stay open.
 */
final class LosslessWrites extends BeforeWrites {

    private static final long serialVersionUID = 1L;

    private final transient PerEntity<List<Conversions.Mapped>> unchecked;
    private final transient PerEntity<List<GroupedAttribute>> grouped;

    LosslessWrites(Conversions conversions) {
        this.unchecked = new PerEntity<>(entity -> conversions.of(entity).stream()
                .filter(one -> !one.isBoundInJava())
                .toList());
        this.grouped = new PerEntity<>(conversions::groupedIn);
    }

    @Override
    boolean concerns(EntityPersister persister) {
        return !unchecked.of(persister).isEmpty() || !grouped.of(persister).isEmpty();
    }

    @Override
    void look(EntityPersister persister, Object[] state) {
        for (GroupedAttribute attribute : grouped.of(persister)) {
            attribute.conversion().toOld(state[persister.getPropertyIndex(attribute.name())]);
        }
        for (Conversions.Mapped attribute : unchecked.of(persister)) {
            attribute.conversion().toOld(AttributePath.value(persister, state, attribute.path()));
        }
    }
}

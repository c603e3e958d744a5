package dev.segue.hibernate;

import java.util.EnumSet;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.generator.BeforeExecutionGenerator;
import org.hibernate.generator.EventType;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Puts the twin into an UPDATE of only the changed columns exactly when the attribute is in it. A twin is never dirty
 * by itself, so with {@code @DynamicUpdate} it would be left behind.
 */
final class TwinGenerator implements BeforeExecutionGenerator {

    private static final long serialVersionUID = 1L;

    private final String attribute;

    TwinGenerator(String attribute) {
        this.attribute = attribute;
    }

    @Override
    public EnumSet<EventType> getEventTypes() {
        return EnumSet.of(EventType.UPDATE);
    }

    /** Otherwise Hibernate takes the twin for a column that only the generator writes, and leaves it out of an INSERT. */
    @Override
    public boolean allowMutation() {
        return true;
    }

    @Override
    public boolean generatedBeforeExecution(Object entity, SharedSessionContractImplementor session) {
        // A stateless session writes every column; if this always fired, an upsert would write the twin alone.
        if (session.isStateless()) {
            return false;
        }
        EntityEntry entry = session.getPersistenceContextInternal().getEntry(entity);
        if (entry == null || entry.getLoadedState() == null) {
            return false;
        }
        EntityPersister persister = entry.getPersister();
        int index = persister.getPropertyIndex(attribute);
        return persister.getPropertyTypes()[index].isDirty(
                entry.getLoadedState()[index], persister.getValue(entity, index), session);
    }

    @Override
    public @Nullable Object generate(
            SharedSessionContractImplementor session, Object owner, @Nullable Object current, EventType event) {
        return session.getEntityPersister(null, owner).getPropertyValue(owner, attribute);
    }
}

package dev.segue.hibernate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Keeps old values that do not survive their conversion: 43.505 that is read as 4351 cents, which are 43.51. An UPDATE
 * writes all columns of a row, so it would replace such a value though nobody has set the attribute.
 *
 * <ol>
 *   <li>In phases that read the old column, each load of an entity also tells whether the old value survives.
 *   <li>An entity whose value does not is remembered. There are few.
 *   <li>To write it is refused, unless the attribute is set to another value, or its column is not written.
 * </ol>
 */
final class UnprovenRows implements PreUpdateEventListener, PreUpsertEventListener {

    private static final long serialVersionUID = 1L;

    private final transient Map<Provable, ByIdentity<Boolean>> unproven = new ConcurrentHashMap<>();

    void listenTo(SessionFactoryImplementor factory) {
        if (!unproven.isEmpty()) {
            EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
            listeners.appendListeners(EventType.PRE_UPDATE, this);
            listeners.appendListeners(EventType.PRE_UPSERT, this);
        }
    }

    /** Takes what {@link SurvivalType} has read of an attribute's old value. */
    HiddenAccess access(Provable attribute) {
        ByIdentity<Boolean> entities = new ByIdentity<>();
        unproven.put(attribute, entities);
        return new HiddenAccess((entity, survives) -> {
            // Null is what Hibernate copies from another instance, and says nothing about the row.
            if (Boolean.FALSE.equals(survives)) {
                entities.put(entity, true);
            } else if (Boolean.TRUE.equals(survives)) {
                entities.remove(entity);
            }
        });
    }

    @Override
    public boolean onPreUpdate(PreUpdateEvent event) {
        check(event.getEntity(), event.getPersister(), event.getState(), event.getOldState(), event.getSession());
        return false;
    }

    @Override
    public boolean onPreUpsert(PreUpsertEvent event) {
        check(event.getEntity(), event.getPersister(), event.getState(), null, event.getSession());
        return false;
    }

    /** @param loaded the state that the session has loaded, or null if it has none, as a stateless one */
    private void check(
            Object entity,
            EntityPersister persister,
            Object[] state,
            Object @Nullable [] loaded,
            SharedSessionContractImplementor session) {
        unproven.forEach((attribute, entities) -> {
            if (entities.get(entity) == null || isLeftOut(attribute, persister, state, loaded, session)) {
                return;
            }
            Object given = AttributePath.value(persister, state, attribute.path());
            if (loaded == null || attribute.same(given, AttributePath.value(persister, loaded, attribute.path()))) {
                throw refused(attribute, persister.isDynamicUpdate());
            }
            entities.remove(entity);
        });
    }

    /** Whether only changed columns are written, and the attribute's is none of them. */
    private static boolean isLeftOut(
            Provable attribute,
            EntityPersister persister,
            Object[] state,
            Object @Nullable [] loaded,
            SharedSessionContractImplementor session) {
        int index = persister.getPropertyIndex(attribute.path().get(0));
        return loaded != null
                && persister.isDynamicUpdate()
                && !persister.getPropertyTypes()[index].isDirty(loaded[index], state[index], session);
    }

    private static ValueRefusedException refused(Provable attribute, boolean dynamic) {
        return new ValueRefusedException("A write is refused: the row holds an old value of " + attribute.attribute()
                + " that does not survive the conversion there and back by " + attribute.conversionName()
                + " (change '" + attribute.change() + "'), and in "
                + attribute.phase().id() + " the write would replace it. Set the attribute in a session that has loaded"
                + " the entity, or correct the value or the conversion"
                + (dynamic ? "." : "; with @DynamicUpdate a session can change the other attributes."));
    }
}

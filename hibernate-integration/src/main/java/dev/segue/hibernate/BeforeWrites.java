package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PreInsertEvent;
import org.hibernate.event.spi.PreInsertEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;
import org.hibernate.persister.entity.EntityPersister;

/** Has a look at the state of every entity right before it is written, in whatever way. Vetoes nothing. */
abstract class BeforeWrites implements PreInsertEventListener, PreUpdateEventListener, PreUpsertEventListener {

    private static final long serialVersionUID = 1L;

    /** @param state of the entity, as it is about to be written */
    abstract void look(EntityPersister persister, Object[] state);

    /** Whether there is something to look at in this entity. */
    abstract boolean concerns(EntityPersister persister);

    final boolean concernsSome(SessionFactoryImplementor factory) {
        List<EntityPersister> concerned = new ArrayList<>();
        factory.getMappingMetamodel().forEachEntityDescriptor(entity -> {
            if (concerns(entity)) {
                concerned.add(entity);
            }
        });
        return !concerned.isEmpty();
    }

    /** Listens after all listeners that the application's settings have brought. */
    final void listenTo(SessionFactoryImplementor factory) {
        EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
        listeners.appendListeners(EventType.PRE_INSERT, this);
        listeners.appendListeners(EventType.PRE_UPDATE, this);
        listeners.appendListeners(EventType.PRE_UPSERT, this);
    }

    @Override
    public final boolean onPreInsert(PreInsertEvent event) {
        look(event.getPersister(), event.getState());
        return false;
    }

    @Override
    public final boolean onPreUpdate(PreUpdateEvent event) {
        look(event.getPersister(), event.getState());
        return false;
    }

    @Override
    public final boolean onPreUpsert(PreUpsertEvent event) {
        look(event.getPersister(), event.getState());
        return false;
    }
}

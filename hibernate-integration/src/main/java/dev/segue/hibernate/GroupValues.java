package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import java.util.List;
import java.util.stream.IntStream;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostLoadEvent;
import org.hibernate.event.spi.PostLoadEventListener;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Tells the session what an attribute was when it was loaded, where only old columns are written: those are not read, and
 * what is read is not written, so that Hibernate would not know what has changed.
 */
final class GroupValues implements PostLoadEventListener {

    private static final long serialVersionUID = 1L;

    private final transient PerEntity<List<GroupedAttribute>> alone;

    private GroupValues(Conversions conversions) {
        this.alone = new PerEntity<>(entity -> conversions.groupedIn(entity).stream()
                .filter(one -> one.phase() == Phase.OLD_ONLY)
                .toList());
    }

    static void listenTo(SessionFactoryImplementor factory, Conversions conversions) {
        if (!conversions.grouped().isEmpty()) {
            EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
            // Before a callback of the application's may change it.
            listeners.prependListeners(EventType.POST_LOAD, new GroupValues(conversions));
        }
    }

    @Override
    public void onPostLoad(PostLoadEvent event) {
        EntityPersister persister = event.getPersister();
        List<GroupedAttribute> attributes = alone.of(persister);
        if (attributes.isEmpty()) {
            return;
        }
        EntityEntry entry = event.getSession().getPersistenceContextInternal().getEntry(event.getEntity());
        Object[] loaded = entry == null ? null : entry.getLoadedState();
        if (loaded == null) {
            return;
        }
        for (GroupedAttribute one : attributes) {
            Object value = persister.getValue(event.getEntity(), persister.getPropertyIndex(one.name()));
            IntStream.range(0, one.conversion().columns().size())
                    .forEach(i -> loaded[persister.getPropertyIndex(Twins.sideName(i, one.name()))] =
                            one.conversion().after().copy(value));
        }
    }
}

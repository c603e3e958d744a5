package dev.segue.hibernate;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.event.spi.PostUpsertEvent;
import org.hibernate.event.spi.PostUpsertEventListener;
import org.hibernate.persister.entity.EntityPersister;

/**
 * Looks after a write at what has been written, if the application has added listeners by program: they come after
 * {@link BeforeWrites} and may have set an attribute that it has seen already. In the next factory they come before.
 */
final class LateListeners implements PostInsertEventListener, PostUpdateEventListener, PostUpsertEventListener {

    private static final long serialVersionUID = 1L;
    private static final List<EventType<?>> BEFORE =
            List.of(EventType.PRE_INSERT, EventType.PRE_UPDATE, EventType.PRE_UPSERT);

    private final transient EventListenerRegistry registry;
    private final transient List<BeforeWrites> looks;
    private final transient Map<EventType<?>, Integer> known;

    private LateListeners(EventListenerRegistry registry, List<BeforeWrites> looks) {
        this.registry = registry;
        this.looks = looks;
        this.known = BEFORE.stream().collect(Collectors.toMap(Function.identity(), this::count));
    }

    /** @param looks those that the factory has, after all listeners that have come with its settings */
    static void listenTo(SessionFactoryImplementor factory, List<BeforeWrites> looks) {
        if (looks.isEmpty()) {
            return;
        }
        EventListenerRegistry registry = factory.getEventEngine().getListenerRegistry();
        LateListeners late = new LateListeners(registry, looks);
        registry.appendListeners(EventType.POST_INSERT, late);
        registry.appendListeners(EventType.POST_UPDATE, late);
        registry.appendListeners(EventType.POST_UPSERT, late);
    }

    private int count(EventType<?> type) {
        return registry.getEventListenerGroup(type).count();
    }

    private void check(EventType<?> before, EntityPersister persister, Object[] written) {
        if (Integer.valueOf(count(before)).equals(known.get(before))) {
            return;
        }
        Object[] state = written.clone();
        looks.forEach(look -> look.look(persister, state));
        for (int i = 0; i < state.length; i++) {
            if (state[i] != written[i]) {
                throw new StatementRefusedException(
                        persister.getEntityName(),
                        Twins.attributeOf(persister.getPropertyNames()[i])
                                .orElse(persister.getPropertyNames()[i]),
                        "A listener that was added to the session factory by program has set it after both of its columns"
                                + " had got their values.",
                        "Add the listener by an Integrator, or set the attribute in an entity listener.");
            }
        }
    }

    @Override
    public void onPostInsert(PostInsertEvent event) {
        check(EventType.PRE_INSERT, event.getPersister(), event.getState());
    }

    @Override
    public void onPostUpdate(PostUpdateEvent event) {
        check(EventType.PRE_UPDATE, event.getPersister(), event.getState());
    }

    @Override
    public void onPostUpsert(PostUpsertEvent event) {
        check(EventType.PRE_UPSERT, event.getPersister(), event.getState());
    }

    @Override
    public boolean requiresPostCommitHandling(EntityPersister persister) {
        return false;
    }
}

package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostLoadEvent;
import org.hibernate.event.spi.PostLoadEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Compares both sides of a loaded entity in Java, where the database cannot convert: the new column is in the state that
 * the session keeps of it.
 */
final class ShadowComparison implements PostLoadEventListener {

    private static final long serialVersionUID = 1L;

    private final transient Conversions conversions;
    private final transient ShadowReads listener;
    /** An attribute whose sides are compared here. */
    private record Shadowed(
            String change, String entity, String name, BiPredicate<@Nullable Object, @Nullable Object> same) {}

    private final transient PerEntity<List<Shadowed>> shadowed = new PerEntity<>(this::shadowed);

    private final transient PerEntity<List<GroupedAttribute>> shadowedWholes = new PerEntity<>(this::wholes);

    private ShadowComparison(Conversions conversions, ShadowReads listener) {
        this.conversions = conversions;
        this.listener = listener;
    }

    static void listenTo(SessionFactoryImplementor factory, Conversions conversions, ShadowReads listener) {
        boolean compares = conversions.all().stream().anyMatch(ShadowComparison::isCompared)
                || conversions.introduced().stream().anyMatch(ShadowComparison::isCompared)
                || conversions.grouped().stream().anyMatch(ShadowComparison::isCompared);
        if (compares) {
            EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
            listeners.appendListeners(EventType.POST_LOAD, new ShadowComparison(conversions, listener));
        }
    }

    private static boolean isCompared(Conversions.Mapped one) {
        return one.phase() == Phase.SHADOW_READ && one.isBoundInJava();
    }

    private static boolean isCompared(IntroducedAttribute one) {
        return one.phase() == Phase.SHADOW_READ && one.initial().sql().isEmpty();
    }

    private static boolean isCompared(GroupedAttribute one) {
        return one.phase() == Phase.SHADOW_READ && one.conversion().sql().isEmpty();
    }

    @Override
    public void onPostLoad(PostLoadEvent event) {
        EntityPersister persister = event.getPersister();
        List<Shadowed> attributes = shadowed.of(persister);
        List<GroupedAttribute> wholes = shadowedWholes.of(persister);
        if (attributes.isEmpty() && wholes.isEmpty()) {
            return;
        }
        EntityEntry entry = event.getSession().getPersistenceContextInternal().getEntry(event.getEntity());
        if (entry == null || entry.getLoadedState() == null) {
            return;
        }
        Object[] state = entry.getLoadedState();
        for (Shadowed one : attributes) {
            Object read = state[persister.getPropertyIndex(one.name())];
            Object shadow = state[persister.getPropertyIndex(Twins.SHADOW_PREFIX + one.name())];
            if (!one.same().test(read, shadow)) {
                listener.mismatch(one.change(), one.entity(), event.getId());
            }
        }
        for (GroupedAttribute one : wholes) {
            Parts parts = one.conversion().after();
            List<@Nullable Object> shadow = new ArrayList<>();
            for (int i = 0; i < parts.types().size(); i++) {
                shadow.add(state[persister.getPropertyIndex(Twins.shadowName(i, one.name()))]);
            }
            if (!parts.sameValues(parts.values(state[persister.getPropertyIndex(one.name())]), shadow)) {
                listener.mismatch(one.change(), one.entity(), event.getId());
            }
        }
    }

    private List<GroupedAttribute> wholes(EntityPersister persister) {
        return conversions.groupedIn(persister).stream()
                .filter(ShadowComparison::isCompared)
                .toList();
    }

    private List<Shadowed> shadowed(EntityPersister persister) {
        return Stream.concat(
                        conversions.of(persister).stream()
                                .filter(ShadowComparison::isCompared)
                                .map(one -> new Shadowed(
                                        one.conversion().change(), one.entity(), one.name(), one.conversion()::same)),
                        conversions.introducedIn(persister).stream()
                                .filter(ShadowComparison::isCompared)
                                .map(one -> new Shadowed(
                                        one.initial().change(), one.entity(), one.name(), one.initial()::same)))
                .toList();
    }
}

package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerGroup;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.query.named.NamedObjectRepository;
import org.hibernate.query.named.NamedQueryMemento;

/**
 * What the application has added to a session factory by program, beside what comes with its settings: event listeners
 * and named queries. The next factory gets them too.
 */
final class Additions {

    private final SessionFactoryImplementor factory;
    private final Map<EventType<?>, List<Object>> ownListeners = new HashMap<>();
    private final List<NamedQueryMemento<?>> ownQueries = new ArrayList<>();

    /** @param factory with what comes with its settings, and nothing else yet */
    Additions(SessionFactoryImplementor factory) {
        this.factory = factory;
        EventType.values().forEach(type -> ownListeners.put(type, new ArrayList<>(of(registry(factory), type))));
        queries(factory).visitSqmQueryMementos(ownQueries::add);
        queries(factory).visitNativeQueryMementos(ownQueries::add);
    }

    /** What the action adds belongs to this factory alone. */
    void withOwn(Runnable action) {
        Map<EventType<?>, List<?>> before = new HashMap<>();
        EventType.values().forEach(type -> before.put(type, of(registry(factory), type)));
        action.run();
        before.forEach((type, known) -> of(registry(factory), type).stream()
                .filter(listener -> !has(known, listener))
                .forEach(listener -> own(type).add(listener)));
    }

    private List<Object> own(EventType<?> type) {
        return ownListeners.computeIfAbsent(type, none -> new ArrayList<>());
    }

    /** Adds those to the factory that it does not have. */
    void addTo(SessionFactoryImplementor next) {
        EventType.values().forEach(type -> add(type, registry(next)));
        queries(factory).visitSqmQueryMementos(query -> {
            if (isAdded(query)) {
                queries(next).registerSqmQueryMemento(query.getRegistrationName(), query);
            }
        });
        queries(factory).visitNativeQueryMementos(query -> {
            if (isAdded(query)) {
                queries(next).registerNativeQueryMemento(query.getRegistrationName(), query);
            }
        });
    }

    private <T> void add(EventType<T> type, EventListenerRegistry to) {
        List<T> there = of(to, type);
        EventListenerGroup<T> group = to.getEventListenerGroup(type);
        for (T listener : of(registry(factory), type)) {
            if (!has(own(type), listener) && !has(there, listener)) {
                group.appendListener(listener);
            }
        }
    }

    private boolean isAdded(NamedQueryMemento<?> query) {
        return !has(ownQueries, query);
    }

    private static boolean has(List<?> some, Object one) {
        return some.stream().anyMatch(each -> each == one);
    }

    private static EventListenerRegistry registry(SessionFactoryImplementor of) {
        return of.getEventEngine().getListenerRegistry();
    }

    private static NamedObjectRepository queries(SessionFactoryImplementor of) {
        return of.getQueryEngine().getNamedObjectRepository();
    }

    @SuppressWarnings("deprecation") // there is no other way to see them
    private static <T> List<T> of(EventListenerRegistry registry, EventType<T> type) {
        List<T> found = new ArrayList<>();
        registry.getEventListenerGroup(type).listeners().forEach(found::add);
        return found;
    }
}

package dev.segue.hibernate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.hibernate.persister.entity.EntityPersister;

/** What is found out about each entity, once, for listeners that are asked for every row. Thread-safe. */
final class PerEntity<T> {

    private final Map<EntityPersister, T> known = new ConcurrentHashMap<>();
    private final Function<EntityPersister, T> find;

    PerEntity(Function<EntityPersister, T> find) {
        this.find = find;
    }

    T of(EntityPersister persister) {
        T found = known.get(persister);
        // That may lock, and nearly always there is no need to.
        return found == null ? known.computeIfAbsent(persister, find) : found;
    }
}

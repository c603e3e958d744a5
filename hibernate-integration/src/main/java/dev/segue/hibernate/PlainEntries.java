package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.hibernate.cache.spi.entry.CacheEntry;
import org.hibernate.cache.spi.entry.StructuredCacheEntry;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.spi.MappingMetamodelImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.ComponentType;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the second-level cache without the properties that phases add: twins, comparisons, and what is known of old
 * values. They are left out where an entry is put into the cache and have no value where it is taken out. Thread-safe.
 */
final class PlainEntries {

    private final Map<EntityPersister, Form> forms = new ConcurrentHashMap<>();

    void forget(SessionFactoryImplementor factory) {
        forms.keySet().removeIf(persister -> persister.getFactory() == factory);
    }

    /** An entry of this factory as it is without changes. */
    Object toPlain(Object entry, SessionFactoryImplementor factory) {
        if (entry instanceof CacheEntry state && !state.isReferenceEntry()) {
            Form form = form(state.getSubclass(), factory);
            return form.isPlain()
                    ? entry
                    : made(
                            state,
                            form.plainNames(),
                            form.state.toPlain((Object[]) state.getDisassembledState()),
                            factory);
        }
        if (entry instanceof Map<?, ?> structured) {
            Form form = form(String.valueOf(structured.get(StructuredCacheEntry.SUBCLASS_KEY)), factory);
            return form.isPlain() ? entry : form.toPlain(structured);
        }
        return entry;
    }

    /** An entry without changes as this factory maps it. */
    Object toMapped(Object entry, SessionFactoryImplementor factory) {
        if (entry instanceof CacheEntry state && !state.isReferenceEntry()) {
            Form form = form(state.getSubclass(), factory);
            return form.isPlain()
                    ? entry
                    : made(state, form.names(), form.state.toMapped((Object[]) state.getDisassembledState()), factory);
        }
        if (entry instanceof Map<?, ?> structured) {
            Form form = form(String.valueOf(structured.get(StructuredCacheEntry.SUBCLASS_KEY)), factory);
            return form.isPlain() ? entry : form.toMapped(structured);
        }
        return entry;
    }

    /**
     * Whether the entry is of a row with an old value that does not survive its conversion. The cache could not say so, and
     * {@link UnprovenRows} would not keep the value.
     */
    boolean isUnproven(Object entry, SessionFactoryImplementor factory) {
        if (entry instanceof CacheEntry state && !state.isReferenceEntry()) {
            return form(state.getSubclass(), factory)
                    .isUnproven(Arrays.asList((Object[]) state.getDisassembledState())::get);
        }
        if (entry instanceof Map<?, ?> structured) {
            Form form = form(String.valueOf(structured.get(StructuredCacheEntry.SUBCLASS_KEY)), factory);
            return form.isUnproven(index -> structured.get(form.names().get(index)));
        }
        return false;
    }

    private Form form(String entity, SessionFactoryImplementor factory) {
        EntityPersister persister = factory.getMappingMetamodel().getEntityDescriptor(entity);
        return forms.computeIfAbsent(persister, Form::of);
    }

    /**
     * An entry of Hibernate's own class with another state. Only {@link StructuredCacheEntry} makes one of a state, by the
     * names that an entity has in a factory; so it is shown a factory in which it has these.
     */
    private static Object made(
            CacheEntry entry, List<String> names, Object[] state, SessionFactoryImplementor factory) {
        Map<String, @Nullable Object> structured = new HashMap<>();
        structured.put(StructuredCacheEntry.SUBCLASS_KEY, entry.getSubclass());
        structured.put(StructuredCacheEntry.VERSION_KEY, entry.getVersion());
        for (int i = 0; i < state.length; i++) {
            structured.put(names.get(i), state[i]);
        }
        EntityPersister persister = factory.getMappingMetamodel().getEntityDescriptor(entry.getSubclass());
        return new StructuredCacheEntry(persister).destructure(structured, withNames(names));
    }

    private static SessionFactoryImplementor withNames(List<String> names) {
        EntityPersister persister =
                Delegates.proxy(EntityPersister.class, (proxy, method, arguments) -> names.toArray(String[]::new));
        MappingMetamodelImplementor metamodel =
                Delegates.proxy(MappingMetamodelImplementor.class, (proxy, method, arguments) -> persister);
        return Delegates.proxy(SessionFactoryImplementor.class, (proxy, method, arguments) -> metamodel);
    }

    /** Of one entity, or of an embedded object. */
    private record Form(List<String> names, State state) {

        static Form of(EntityPersister entity) {
            List<String> names = List.of(entity.getPropertyNames());
            List<String> comparedInJava = names.stream()
                    .filter(name -> name.startsWith(Twins.SHADOW_PREFIX)
                            && HiddenAccess.isKept(entity.findAttributeMapping(name)))
                    .toList();
            return new Form(names, State.of(names, entity.getPropertyTypes(), comparedInJava));
        }

        boolean isPlain() {
            return state.isPlain();
        }

        boolean isUnproven(IntFunction<@Nullable Object> values) {
            return IntStream.range(0, names.size())
                    .filter(index -> names.get(index).startsWith(Twins.BEFORE_PREFIX))
                    .anyMatch(index -> Boolean.FALSE.equals(values.apply(index)));
        }

        List<String> plainNames() {
            return names.stream().filter(name -> !Twins.isHidden(name)).toList();
        }

        Map<String, @Nullable Object> toPlain(Map<?, ?> structured) {
            Object[] values = names.stream().map(structured::get).toArray();
            return structured(structured, plainNames(), state.toPlain(values));
        }

        Map<String, @Nullable Object> toMapped(Map<?, ?> structured) {
            Object[] values = plainNames().stream().map(structured::get).toArray();
            return structured(structured, names, state.toMapped(values));
        }

        private static Map<String, @Nullable Object> structured(Map<?, ?> from, List<String> names, Object[] values) {
            Map<String, @Nullable Object> to = new HashMap<>();
            for (String key : List.of(StructuredCacheEntry.SUBCLASS_KEY, StructuredCacheEntry.VERSION_KEY)) {
                to.put(key, from.get(key));
            }
            for (int i = 0; i < values.length; i++) {
                to.put(names.get(i), values[i]);
            }
            return to;
        }
    }

    /**
     * What becomes of each value of a state.
     *
     * @param slots one for each property of the mapping, in its order
     */
    private record State(List<Slot> slots) {

        /**
         * @param hidden whether the cache does not have it
         * @param inner that of an embedded object which has hidden properties
         * @param like where in the mapping the value is that a hidden one is given, or -1 for none
         */
        private record Slot(boolean hidden, @Nullable State inner, int like) {}

        static State of(List<String> names, Type[] types, List<String> comparedInJava) {
            List<Slot> slots = new ArrayList<>();
            for (int i = 0; i < types.length; i++) {
                String name = names.get(i);
                State inner = null;
                if (types[i] instanceof ComponentType component) {
                    State found = of(List.of(component.getPropertyNames()), component.getSubtypes(), List.of());
                    inner = found.isPlain() ? null : found;
                }
                // Both sides of an entry are alike: the comparison was made when the row was read.
                int like = comparedInJava.contains(name)
                        ? names.indexOf(name.substring(Twins.SHADOW_PREFIX.length()))
                        : -1;
                slots.add(new Slot(Twins.isHidden(name), inner, like));
            }
            return new State(slots);
        }

        boolean isPlain() {
            return slots.stream().noneMatch(slot -> slot.hidden() || slot.inner() != null);
        }

        @Nullable
        Object[] toPlain(@Nullable Object[] mapped) {
            List<@Nullable Object> plain = new ArrayList<>();
            for (int i = 0; i < mapped.length; i++) {
                // An embedded object of several classes has its class behind its properties.
                Slot slot = i < slots.size() ? slots.get(i) : new Slot(false, null, -1);
                if (!slot.hidden()) {
                    State inner = slot.inner();
                    plain.add(
                            inner != null && mapped[i] instanceof Object[] values ? inner.toPlain(values) : mapped[i]);
                }
            }
            return plain.toArray();
        }

        @Nullable
        Object[] toMapped(@Nullable Object[] plain) {
            List<@Nullable Object> mapped = new ArrayList<>();
            int next = 0;
            for (Slot slot : slots) {
                Object value = slot.hidden() ? null : plain[next++];
                State inner = slot.inner();
                mapped.add(inner != null && value instanceof Object[] values ? inner.toMapped(values) : value);
            }
            mapped.addAll(Arrays.asList(plain).subList(next, plain.length));
            for (int i = 0; i < slots.size(); i++) {
                if (slots.get(i).like() >= 0) {
                    mapped.set(i, mapped.get(slots.get(i).like()));
                }
            }
            return mapped.toArray();
        }
    }
}

package dev.segue.hibernate;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of objects, for as long as they live. They are told apart by identity: {@code equals} of an entity is
 * the application's. Thread-safe.
 */
final class ByIdentity<V> {

    private final Map<Key, V> values = new ConcurrentHashMap<>();
    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    private static final class Key extends WeakReference<Object> {

        private final int hash;

        Key(Object object, @Nullable ReferenceQueue<Object> gone) {
            super(object, gone);
            hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            Object mine = get();
            return this == other || (mine != null && other instanceof Key key && key.get() == mine);
        }
    }

    void put(Object object, V value) {
        for (Reference<?> each = gone.poll(); each != null; each = gone.poll()) {
            values.remove(each);
        }
        values.put(new Key(object, gone), value);
    }

    @Nullable
    V get(Object object) {
        return values.isEmpty() ? null : values.get(new Key(object, null));
    }

    void remove(Object object) {
        if (!values.isEmpty()) {
            values.remove(new Key(object, null));
        }
    }
}

package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.Status;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.FlushEntityEvent;
import org.hibernate.event.spi.FlushEntityEventListener;
import org.hibernate.event.spi.PreInsertEvent;
import org.hibernate.event.spi.PreInsertEventListener;
import org.hibernate.event.spi.PreUpdateEvent;
import org.hibernate.event.spi.PreUpdateEventListener;
import org.hibernate.event.spi.PreUpsertEvent;
import org.hibernate.event.spi.PreUpsertEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Gives new attributes their values while those are computed.
 *
 * <ol>
 *   <li>Before a flush looks for changes, an attribute follows its sources, so that it is changed when they are.
 *   <li>Right before a row is written, what is written is computed from what is written of the sources. A callback may
 *       have set them, and a stateless session has no flush.
 *   <li>Null, and what was loaded, counts as not set. Another value than the computed one is refused.
 * </ol>
 */
final class IntroducedValues
        implements FlushEntityEventListener, PreInsertEventListener, PreUpdateEventListener, PreUpsertEventListener {

    private static final long serialVersionUID = 1L;

    private final transient PerEntity<List<IntroducedAttribute>> computed;

    private IntroducedValues(Conversions conversions) {
        this.computed = new PerEntity<>(conversions::introducedIn);
    }

    static void listenTo(SessionFactoryImplementor factory, Conversions conversions) {
        if (conversions.introduced().isEmpty()) {
            return;
        }
        IntroducedValues values = new IntroducedValues(conversions);
        EventListenerRegistry listeners = factory.getEventEngine().getListenerRegistry();
        listeners.prependListeners(EventType.FLUSH_ENTITY, values);
        listeners.appendListeners(EventType.PRE_INSERT, values);
        listeners.appendListeners(EventType.PRE_UPDATE, values);
        listeners.appendListeners(EventType.PRE_UPSERT, values);
    }

    @Override
    public void onFlushEntity(FlushEntityEvent event) {
        EntityEntry entry = event.getEntityEntry();
        Object[] loaded = entry.getLoadedState();
        List<IntroducedAttribute> attributes = computed.of(entry.getPersister());
        if (attributes.isEmpty() || entry.getStatus() != Status.MANAGED || loaded == null) {
            return;
        }
        Object[] state = entry.getPersister().getValues(event.getEntity());
        for (IntroducedAttribute attribute : attributes) {
            Written written = written(attribute, entry.getPersister(), state, loaded);
            if (written.isSet()) {
                entry.getPersister().setValue(event.getEntity(), written.index(), written.value());
            }
        }
    }

    @Override
    public boolean onPreInsert(PreInsertEvent event) {
        write(event.getEntity(), event.getPersister(), event.getState(), null);
        return false;
    }

    @Override
    public boolean onPreUpdate(PreUpdateEvent event) {
        write(event.getEntity(), event.getPersister(), event.getState(), event.getOldState());
        return false;
    }

    @Override
    public boolean onPreUpsert(PreUpsertEvent event) {
        write(event.getEntity(), event.getPersister(), event.getState(), null);
        return false;
    }

    private void write(Object entity, EntityPersister persister, Object[] state, Object @Nullable [] loaded) {
        for (IntroducedAttribute attribute : computed.of(persister)) {
            Written written = written(attribute, persister, state, loaded);
            if (written.isSet()) {
                if (loaded != null && persister.isDynamicUpdate()) {
                    throw refused(
                            attribute,
                            "a callback has set what it is computed from, when it was known already"
                                    + " which columns would be written. Set it before the flush");
                }
                state[written.index()] = written.value();
                // An entity that has been changed since it was persisted is ahead of its INSERT.
                if (loaded != null || persister.getValue(entity, written.index()) == null) {
                    persister.setValue(entity, written.index(), written.value());
                }
            }
        }
    }

    /**
     * What is to be written of an attribute.
     *
     * @param index where it is in the state
     * @param isSet whether it differs from what the state has
     */
    private record Written(
            int index, boolean isSet, @Nullable Object value) {}

    private static Written written(
            IntroducedAttribute attribute, EntityPersister persister, Object[] state, Object @Nullable [] loaded) {
        InitialValue initial = attribute.initial();
        int index = persister.getPropertyIndex(attribute.name());
        Object given = state[index];
        boolean untouched = loaded != null && initial.same(given, loaded[index]);
        List<@Nullable Object> sources = sources(attribute, persister, state);
        if (untouched && loaded != null && sources.equals(sources(attribute, persister, loaded))) {
            return new Written(index, false, given);
        }
        Object value = initial.of(sources);
        if (initial.same(given, value)) {
            return new Written(index, false, given);
        }
        if (given != null && !untouched) {
            throw refused(
                    attribute,
                    "it is set to another value than the one that is computed"
                            + (initial.sources().isEmpty() ? "" : " from " + String.join(", ", initial.sources()))
                            + ", which other nodes could not read back. Leave it null, or wait until new-only");
        }
        return new Written(index, true, value);
    }

    private static List<@Nullable Object> sources(
            IntroducedAttribute attribute, EntityPersister persister, Object[] state) {
        List<@Nullable Object> values = new ArrayList<>();
        for (SourceAttribute source : attribute.sources()) {
            values.add(source.argument().apply(AttributePath.value(persister, state, source.path())));
        }
        return values;
    }

    private static ValueRefusedException refused(IntroducedAttribute attribute, String reason) {
        return new ValueRefusedException("A value of " + attribute.initial().attribute()
                + " is refused while the attribute is introduced by change '"
                + attribute.initial().change() + "': in " + attribute.phase().id() + " " + reason + ".");
    }
}

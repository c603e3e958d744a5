package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import org.hibernate.binder.AttributeBinder;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.jspecify.annotations.Nullable;

/**
 * Maps an attribute by the phase that its change is in. Hibernate calls it when the attribute is mapped and no type has
 * been resolved yet.
 */
public final class ReplacesBinder implements AttributeBinder<Replaces> {

    @Override
    public void bind(
            Replaces annotation, MetadataBuildingContext context, @Nullable PersistentClass entity, Property property) {
        Findings findings = Settings.findings(context);
        if (findings != null) {
            // Other binders may have their say about the attribute yet, so it is read when the mapping is complete.
            findings.see(new Findings.Annotated(annotation, entity, property));
            return;
        }
        Layout layout = Settings.layout(context);
        if (layout != null && entity != null) {
            new PhaseMapping(context, entity, property, annotation).map(layout.phase(annotation.change()));
        }
    }
}

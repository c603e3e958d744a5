package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Phase;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.jspecify.annotations.Nullable;

/** Maps an attribute by the phase that its change is in, or only notes it while the mappings are looked at. */
final class MarkBinding {

    private MarkBinding() {}

    /** @param entity null if the attribute is in an element of a collection */
    static void bind(Mark mark, MetadataBuildingContext context, @Nullable PersistentClass entity, Property property) {
        Findings findings = Settings.findings(context);
        if (findings != null) {
            // Other binders may have their say about the attribute yet, so it is read when the mapping is complete.
            findings.see(new Findings.Annotated(mark, entity, property));
            return;
        }
        Layout layout = Settings.layout(context);
        if (layout != null && entity != null) {
            Phase phase = layout.phase(mark.change());
            MappedAttribute attribute = new MappedAttribute(context, entity, property);
            switch (mark.kind()) {
                case REPLACE -> new PhaseMapping(attribute, mark).map(phase);
                case INTRODUCE -> new IntroducedMapping(attribute, mark).map(phase);
                case RETIRE -> RetiredMapping.map(attribute, mark, phase);
            }
        }
    }
}

package dev.segue.hibernate;

import dev.segue.fleet.Layout;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Phase;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps an attribute by the phase that its change is in, or only notes it while the mappings are looked at. */
final class MarkBinding {

    private static final Logger log = LoggerFactory.getLogger(MarkBinding.class);

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
        if (layout == null) {
            log.warn(
                    "Nothing carries {} of {} through change '{}' in this session factory, because Segue has not made it"
                            + " (segue.enabled is false, or the application makes it by itself): it uses the column as if the"
                            + " change were over, so it may read what is not filled yet, and write what other nodes do not"
                            + " see. Let Segue make it, or, if the change is over, delete its {}.",
                    property.getName(),
                    entity == null ? "an element of a collection" : entity.getEntityName(),
                    mark.change(),
                    mark.annotation());
        } else if (entity != null) {
            Phase phase = layout.phase(mark.change());
            boolean several = GroupConversion.isNeeded(mark, property) && mark.kind() == Kind.REPLACE;
            if (several || mark.kind() != Kind.REPLACE) {
                keepOutOfCache(mark, entity);
            }
            if (several) {
                new GroupMapping(context, entity, property, mark).map(phase);
                return;
            }
            MappedAttribute attribute = new MappedAttribute(context, entity, property);
            switch (mark.kind()) {
                case REPLACE -> new PhaseMapping(attribute, mark).map(phase);
                case INTRODUCE -> new IntroducedMapping(attribute, mark).map(phase);
                case RETIRE -> RetiredMapping.map(attribute, mark, phase);
            }
        }
    }

    /** Only an attribute of one column that replaces another is the same value in all phases, and cached in one form. */
    private static void keepOutOfCache(Mark mark, PersistentClass entity) {
        RootClass root = entity.getRootClass();
        if (root.isCached()) {
            log.info(
                    "Entities of {} are kept out of the second-level cache until change '{}' is over and its {} deleted:"
                            + " in the phases they have different values, or values in another form",
                    root.getEntityName(),
                    mark.change(),
                    mark.annotation());
            root.setCached(false);
        }
    }
}

package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import java.util.List;
import org.hibernate.metamodel.mapping.EntityMappingType;

/**
 * A new attribute whose value is computed.
 *
 * @param entity the entity that declares it
 */
record IntroducedAttribute(
        String entity, String name, InitialValue initial, List<SourceAttribute> sources, Phase phase) {

    IntroducedAttribute {
        sources = List.copyOf(sources);
    }

    ComputedColumns in(EntityMappingType type) {
        return new ComputedColumns(
                this,
                Conversions.part(type, List.of(name)).getSelectionExpression(),
                sources.stream()
                        .map(source -> Conversions.part(type, source.path()).getSelectionExpression())
                        .toList());
    }
}

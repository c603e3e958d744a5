package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import java.util.List;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.jspecify.annotations.Nullable;

/**
 * An attribute that lies in several columns, or takes the place of several.
 *
 * @param entity the entity that declares it
 * @param parts the names that lead to each of its columns
 */
record GroupedAttribute(String entity, String name, List<List<String>> parts, GroupConversion conversion, Phase phase)
        implements Provable {

    GroupedAttribute {
        parts = List.copyOf(parts);
    }

    @Override
    public List<String> path() {
        return List.of(name);
    }

    @Override
    public String attribute() {
        return conversion.attribute();
    }

    @Override
    public String change() {
        return conversion.change();
    }

    @Override
    public String conversionName() {
        return conversion.name();
    }

    @Override
    public boolean same(@Nullable Object left, @Nullable Object right) {
        return conversion.after().same(left, right);
    }

    GroupedColumns in(EntityMappingType type) {
        return new GroupedColumns(
                this,
                parts.stream()
                        .map(path -> Conversions.part(type, path).getSelectionExpression())
                        .toList());
    }
}

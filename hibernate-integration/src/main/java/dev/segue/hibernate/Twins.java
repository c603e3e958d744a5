package dev.segue.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.AttributeMappingsList;
import org.hibernate.metamodel.mapping.BasicValuedModelPart;
import org.hibernate.metamodel.mapping.EmbeddableValuedModelPart;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.ManagedMappingType;

/**
 * The twins of an entity, found in its finished mapping by their names.
 *
 * @param attribute the path of the attribute within the entity: {@code address.city}
 * @param column the column that the attribute is mapped to
 * @param twinColumn the other one
 * @param expression what stands for a value when it is written: {@code ?}, or an expression with one in it
 * @param mapping how a value is bound to it
 */
record Twins(String attribute, String column, String twinColumn, String expression, JdbcMapping mapping) {

    static final String PREFIX = "_segue_twin_";
    static final String SHADOW_PREFIX = "_segue_shadow_";
    static final String BEFORE_PREFIX = "_segue_before_";

    private static final String SIDE_PREFIX = "_segue_side_";

    /** The property of one of an attribute's several old columns. */
    static String sideName(int column, String attribute) {
        return SIDE_PREFIX + column + "_" + attribute;
    }

    /** The property that one of an attribute's several new columns is read into, to be compared. */
    static String shadowName(int column, String attribute) {
        return SHADOW_PREFIX + column + "_" + attribute;
    }

    /** The attribute of the entity that a property gets its value from, if it has none of its own. */
    static Optional<String> attributeOf(String property) {
        if (property.startsWith(PREFIX)) {
            return Optional.of(property.substring(PREFIX.length()));
        }
        return property.startsWith(SIDE_PREFIX)
                ? Optional.of(property.substring(property.indexOf('_', SIDE_PREFIX.length()) + 1))
                : Optional.empty();
    }

    /** Whether a property is there only because of a change. */
    static boolean isHidden(String property) {
        return Stream.of(PREFIX, SHADOW_PREFIX, BEFORE_PREFIX, SIDE_PREFIX).anyMatch(property::startsWith);
    }

    static List<Twins> of(ManagedMappingType type) {
        List<Twins> found = new ArrayList<>();
        collect(type.getAttributeMappings(), "", found);
        return found;
    }

    /** Those of the root and of all its subclasses. */
    static List<Twins> inHierarchy(EntityMappingType root) {
        List<Twins> found = new ArrayList<>(of(root));
        root.getSubMappingTypes().forEach(subclass -> found.addAll(of(subclass)));
        return found;
    }

    private static void collect(AttributeMappingsList siblings, String path, List<Twins> found) {
        siblings.forEach(attribute -> {
            String name = attribute.getAttributeName();
            if (attribute instanceof EmbeddableValuedModelPart embedded) {
                collect(embedded.getEmbeddableTypeDescriptor().getAttributeMappings(), path + name + ".", found);
            } else if (name.startsWith(PREFIX)) {
                found.add(twin((BasicValuedModelPart) attribute, siblings, path, name.substring(PREFIX.length())));
            }
        });
    }

    private static Twins twin(BasicValuedModelPart twin, AttributeMappingsList siblings, String path, String name) {
        for (int i = 0; i < siblings.size(); i++) {
            AttributeMapping real = siblings.get(i);
            if (real.getAttributeName().equals(name)) {
                return new Twins(
                        path + name,
                        ((BasicValuedModelPart) real).getSelectionExpression(),
                        twin.getSelectionExpression(),
                        twin.getWriteExpression(),
                        twin.getJdbcMapping());
            }
        }
        throw new IllegalStateException("The twin of " + path + name + " has lost its attribute.");
    }
}

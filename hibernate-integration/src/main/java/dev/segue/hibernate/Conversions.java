package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hibernate.metamodel.mapping.BasicValuedModelPart;
import org.hibernate.metamodel.mapping.EntityMappingType;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.ModelPart;
import org.hibernate.metamodel.mapping.ModelPartContainer;
import org.hibernate.persister.entity.EntityPersister;

/** The attributes with a conversion that one session factory maps, as they are mapped in its phases. Thread-safe. */
final class Conversions {

    /**
     * One attribute.
     *
     * @param entity the entity that declares it
     * @param path the names that lead to it from the entity
     */
    record Mapped(String entity, List<String> path, AttributeConversion conversion, Phase phase) {

        Mapped {
            path = List.copyOf(path);
        }

        /** Whether the old column is bound by a {@link ConvertedType}, which refuses what does not survive. */
        boolean isBoundInJava() {
            return conversion.sql().isEmpty() && phase.writes(Side.OLD);
        }

        boolean isOf(EntityMappingType type) {
            for (EntityMappingType each = type; each != null; each = each.getSuperMappingType()) {
                if (each.getEntityName().equals(entity)) {
                    return true;
                }
            }
            return false;
        }

        boolean isIn(EntityMappingType root) {
            return isOf(root)
                    || root.getSubMappingTypes().stream()
                            .anyMatch(type -> type.getEntityName().equals(entity));
        }

        String name() {
            return String.join(".", path);
        }

        Written in(EntityMappingType type) {
            ModelPart part = type.findSubPart(path.get(0), type);
            for (String name : path.subList(1, path.size())) {
                part = ((ModelPartContainer) part).findSubPart(name, type);
            }
            BasicValuedModelPart basic = (BasicValuedModelPart) part;
            return new Written(
                    this, basic.getSelectionExpression(), basic.getWriteExpression(), basic.getJdbcMapping());
        }
    }

    /**
     * How the attribute's own column is written.
     *
     * @param expression what stands for a value in a statement: {@code ?}, or an expression with one in it
     */
    record Written(Mapped attribute, String column, String expression, JdbcMapping mapping) {}

    private final List<Mapped> all = new CopyOnWriteArrayList<>();
    private final UnprovenRows unproven = new UnprovenRows();

    /** The rows whose old values must not be written anew. */
    UnprovenRows unproven() {
        return unproven;
    }

    void add(Mapped one) {
        all.add(one);
    }

    List<Mapped> all() {
        return all;
    }

    /** Those of the entity and of its superclasses. */
    List<Mapped> of(EntityPersister entity) {
        return all.stream().filter(one -> one.isOf(entity)).toList();
    }

    List<Written> writtenBy(EntityPersister entity) {
        return of(entity).stream().map(one -> one.in(entity)).toList();
    }
}

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
import org.jspecify.annotations.Nullable;

/** What one session factory maps otherwise than the entities say, as it is mapped in its phases. Thread-safe. */
final class Conversions {

    /**
     * One attribute.
     *
     * @param entity the entity that declares it
     * @param path the names that lead to it from the entity
     */
    record Mapped(String entity, List<String> path, AttributeConversion conversion, Phase phase) implements Provable {

        Mapped {
            path = List.copyOf(path);
        }

        /** Whether the old column is bound by a {@link ConvertedType}, which refuses what does not survive. */
        boolean isBoundInJava() {
            return conversion.sql().isEmpty() && phase.writes(Side.OLD);
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
            return conversion.same(left, right);
        }

        boolean isIn(EntityMappingType root) {
            return Conversions.isIn(entity, root);
        }

        String name() {
            return String.join(".", path);
        }

        Written in(EntityMappingType type) {
            BasicValuedModelPart basic = part(type, path);
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

    /**
     * An attribute that has no column any more.
     *
     * @param entity the entity that declares it
     */
    record Retired(String entity, RetiredType type) {}

    private final List<IntroducedAttribute> introduced = new CopyOnWriteArrayList<>();
    private final List<GroupedAttribute> grouped = new CopyOnWriteArrayList<>();
    private final List<Retired> retired = new CopyOnWriteArrayList<>();
    private final List<Mapped> all = new CopyOnWriteArrayList<>();
    private final UnprovenRows unproven = new UnprovenRows();

    /** The rows whose old values must not be written anew. */
    UnprovenRows unproven() {
        return unproven;
    }

    void add(Mapped one) {
        all.add(one);
    }

    void addIntroduced(IntroducedAttribute one) {
        introduced.add(one);
    }

    List<IntroducedAttribute> introduced() {
        return introduced;
    }

    List<IntroducedAttribute> introducedIn(EntityMappingType entity) {
        return introduced.stream().filter(one -> isOf(one.entity(), entity)).toList();
    }

    List<ComputedColumns> computedBy(EntityMappingType entity) {
        return introducedIn(entity).stream().map(one -> one.in(entity)).toList();
    }

    void addGrouped(GroupedAttribute one) {
        grouped.add(one);
    }

    List<GroupedAttribute> grouped() {
        return grouped;
    }

    List<GroupedAttribute> groupedIn(EntityMappingType entity) {
        return grouped.stream().filter(one -> isOf(one.entity(), entity)).toList();
    }

    List<GroupedColumns> wholesOf(EntityMappingType entity) {
        return groupedIn(entity).stream().map(one -> one.in(entity)).toList();
    }

    /** Those of the entity, of its superclasses and of its subclasses. */
    List<GroupedAttribute> groupedAround(EntityMappingType entity) {
        return grouped.stream().filter(one -> isIn(one.entity(), entity)).toList();
    }

    void addRetired(Retired one) {
        retired.add(one);
    }

    /**
     * Refuses a bulk statement on entities of several tables if one of their attributes has no column: it may use it in a
     * condition that nobody looks at.
     */
    void refuseRetired(EntityMappingType root) {
        retired.stream().filter(one -> isIn(one.entity(), root)).findFirst().ifPresent(one -> {
            throw one.type()
                    .refused("the entity lies in several tables, so nobody can tell whether the statement uses it");
        });
    }

    /** Whether the type is that entity or a subclass of it. */
    private static boolean isOf(String entity, EntityMappingType type) {
        for (EntityMappingType each = type; each != null; each = each.getSuperMappingType()) {
            if (each.getEntityName().equals(entity)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIn(String entity, EntityMappingType root) {
        return isOf(entity, root)
                || root.getSubMappingTypes().stream()
                        .anyMatch(type -> type.getEntityName().equals(entity));
    }

    /** An attribute of a mapped entity. */
    static BasicValuedModelPart part(EntityMappingType type, List<String> path) {
        ModelPart part = type.findSubPart(path.get(0), type);
        for (String name : path.subList(1, path.size())) {
            part = ((ModelPartContainer) part).findSubPart(name, type);
        }
        return (BasicValuedModelPart) part;
    }

    List<Mapped> all() {
        return all;
    }

    /** Those of the entity and of its superclasses. */
    List<Mapped> of(EntityPersister entity) {
        return all.stream().filter(one -> isOf(one.entity(), entity)).toList();
    }

    List<Written> writtenBy(EntityPersister entity) {
        return of(entity).stream().map(one -> one.in(entity)).toList();
    }
}

package dev.segue.hibernate;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.Formula;
import org.hibernate.mapping.Join;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.SyntheticProperty;
import org.hibernate.mapping.Table;
import org.hibernate.type.BasicType;
import org.hibernate.type.BasicTypeRegistry;
import org.hibernate.type.CustomType;
import org.hibernate.type.StandardBasicTypes;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Maps one attribute for one phase.
 *
 * <ol>
 *   <li>The attribute itself goes to the column that the phase reads.
 *   <li>If the phase writes the other column too, that one becomes a <em>twin</em>: a property that nobody sees, which
 *       is written with the attribute's value, never read, and never a reason for an UPDATE.
 *   <li>In {@code shadow-read} the comparison of the two columns is selected as well, and reported.
 * </ol>
 */
final class PhaseMapping {

    private final MetadataBuildingContext context;
    private final PersistentClass entity;
    private final Property attribute;
    private final BasicValue value;
    private final Column column;
    private final String oldColumn;
    private final String change;

    PhaseMapping(
            MetadataBuildingContext context,
            PersistentClass entity,
            Property attribute,
            String oldColumn,
            String change) {
        this.context = context;
        this.entity = entity;
        this.attribute = attribute;
        this.value = (BasicValue) attribute.getValue();
        this.column = (Column) value.getColumn();
        // Taken literally, so it is quoted.
        this.oldColumn = "`" + oldColumn + "`";
        this.change = change;
    }

    void map(Phase phase) {
        String newColumn = column.getQuotedName();
        Table table = value.getTable();
        // An entry of the second-level cache written under one layout is wrong or broken under another.
        entity.getRootClass().setCached(false);
        boolean readsOld = phase.reads() == Side.OLD;
        if (readsOld) {
            column.setName(oldColumn);
            table.columnRenamed(column);
        }
        if (phase.writesBoth()) {
            addTwin(table, readsOld ? newColumn : oldColumn);
        }
        if (phase == Phase.SHADOW_READ) {
            addComparison(table, oldColumn, newColumn);
        }
    }

    private void addTwin(Table table, String twinColumn) {
        Column twin = new Column(twinColumn);
        twin.setNullable(true);
        twin.setLength(column.getLength());
        twin.setPrecision(column.getPrecision());
        twin.setScale(column.getScale());
        twin.setSqlType(column.getSqlType());
        BasicValue twinValue = new BasicValue(context, table);
        twin.setValue(twinValue);
        table.addColumn(twin);
        twinValue.addColumn(twin);
        twinValue.setTypeName(registerTwinType());
        Property property = hidden(Twins.PREFIX + attribute.getName(), twinValue);
        property.setSelectable(false);
        property.setPropertyAccessStrategy(new TwinAccess(attribute));
        if (entity.useDynamicUpdate() && owner() == null) {
            property.setValueGeneratorCreator(creation -> new TwinGenerator(attribute.getName()));
        }
        add(property, table);
    }

    /** The twin is bound exactly as the attribute is, converters and all. */
    private <T> String registerTwinType() {
        @SuppressWarnings("unchecked")
        BasicType<T> type = (BasicType<T>) value.resolve().getLegacyResolvedBasicType();
        TypeConfiguration types = context.getBootstrapContext().getTypeConfiguration();
        String name = "segue-twin-" + UUID.randomUUID();
        BasicTypeRegistry registry = types.getBasicTypeRegistry();
        registry.register(new CustomType<>(new TwinType<>(type), new String[] {name}, types), name);
        return name;
    }

    private void addComparison(Table table, String oldColumn, String newColumn) {
        BasicValue comparison = new BasicValue(context, table);
        comparison.setTypeName(StandardBasicTypes.INTEGER.getName());
        // As text, because JSON has no equality and a collation may find 'a' and 'A' equal.
        String as = isMySql() ? "binary" : "text";
        comparison.addFormula(new Formula(
                "case when cast(%1$s as %3$s) = cast(%2$s as %3$s) or (%1$s is null and %2$s is null) then 0 else 1 end"
                        .formatted(oldColumn, newColumn, as)));
        Property property = hidden(Twins.SHADOW_PREFIX + attribute.getName(), comparison);
        property.setInsertable(false);
        property.setUpdatable(false);
        property.setPropertyAccessStrategy(
                new ShadowAccess(change, entity.getEntityName(), Settings.shadowReads(context)));
        add(property, table);
    }

    private boolean isMySql() {
        return context.getMetadataCollector()
                .getDatabase()
                .getDialect()
                .getClass()
                .getSimpleName()
                .toLowerCase(Locale.ROOT)
                .startsWith("mysql");
    }

    private static Property hidden(String name, BasicValue value) {
        Property property = new SyntheticProperty();
        property.setName(name);
        property.setValue(value);
        property.setOptional(true);
        property.setOptimisticLocked(false);
        return property;
    }

    private void add(Property property, Table table) {
        Component owner = owner();
        if (owner != null) {
            owner.addProperty(property);
        } else if (table.equals(entity.getTable())) {
            entity.addProperty(property);
        } else {
            join(table).addProperty(property);
        }
    }

    private Join join(Table table) {
        return entity.getJoins().stream()
                .filter(join -> join.getTable().equals(table))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The table " + table.getName() + " of " + attribute.getName() + " is not one of the entity."));
    }

    /** The embedded object that has the attribute, or null if the entity itself has it. */
    private @Nullable Component owner() {
        for (Property property : entity.getProperties()) {
            Component found = ownerWithin(property);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private @Nullable Component ownerWithin(Property property) {
        if (!(property.getValue() instanceof Component component)) {
            return null;
        }
        for (Property inner : component.getProperties()) {
            if (inner.equals(attribute)) {
                return component;
            }
            Component deeper = ownerWithin(inner);
            if (deeper != null) {
                return deeper;
            }
        }
        return null;
    }
}

package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
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
 *
 * <p>The old column of a conversion is read and written in the attribute's values: through an expression if the
 * conversion can be said in SQL, else by a type that converts.
 */
final class PhaseMapping {

    private final MetadataBuildingContext context;
    private final PersistentClass entity;
    private final Property attribute;
    private final BasicValue value;
    private final Table table;
    private final Column column;
    private final Replaces annotation;
    private final Database database;
    private final TypeConfiguration types;

    PhaseMapping(MetadataBuildingContext context, PersistentClass entity, Property attribute, Replaces annotation) {
        this.context = context;
        this.entity = entity;
        this.attribute = attribute;
        this.value = (BasicValue) attribute.getValue();
        this.table = value.getTable();
        this.column = (Column) value.getColumn();
        this.annotation = annotation;
        this.database = CatalogNames.database(context.getMetadataCollector().getDatabase());
        this.types = context.getBootstrapContext().getTypeConfiguration();
    }

    void map(Phase phase) {
        // An entry of the second-level cache written under one layout is wrong or broken under another.
        entity.getRootClass().setCached(false);
        if (annotation.conversion() == Conversion.class) {
            mapRename(phase);
        } else {
            mapConversion(phase, conversion());
        }
    }

    private void mapRename(Phase phase) {
        // Taken literally, so it is quoted.
        String oldColumn = "`" + annotation.column()[0] + "`";
        String newColumn = column.getQuotedName();
        boolean readsOld = phase.reads() == Side.OLD;
        if (readsOld) {
            column.setName(oldColumn);
            table.columnRenamed(column);
        }
        if (phase.writesBoth()) {
            addTwin(copy(readsOld ? newColumn : oldColumn), type());
        }
        if (phase == Phase.SHADOW_READ) {
            addComparison(difference(oldColumn, newColumn), Settings.shadowReads(context));
        }
    }

    private void mapConversion(Phase phase, AttributeConversion conversion) {
        String newColumn = column.getQuotedName();
        OldColumn old = OldColumn.of(context, conversion, column, annotation.column()[0], owner() != null, phase);
        if (phase.reads() == Side.OLD) {
            // The value has been resolved, and what is resolved keeps its type.
            table.getColumns().removeIf(column::equals);
            table.addColumn(old.column());
            attribute.setValue(value(old.column(), old.type()));
            if (phase.writesBoth()) {
                addTwin(copy(newColumn), conversion.newType());
            }
        } else if (phase.writesBoth()) {
            addTwin(old.column(), old.type());
        }
        if (phase == Phase.SHADOW_READ) {
            addComparison(conversion, old);
        }
        Settings.conversions(context)
                .add(new Conversions.Mapped(
                        entity.getEntityName(),
                        AttributePath.to(attribute, entity).stream()
                                .map(Property::getName)
                                .toList(),
                        conversion,
                        phase));
    }

    private AttributeConversion conversion() {
        return AttributeConversion.of(
                annotation,
                entity.getEntityName() + "." + attribute.getName(),
                new AttributeConversion.Columns(annotation.column()[0], nameOf(column)),
                type(),
                types,
                database);
    }

    private String nameOf(Column of) {
        return new CatalogNames(context.getMetadataCollector().getDatabase()).of(of);
    }

    private BasicType<?> type() {
        return value.resolve().getLegacyResolvedBasicType();
    }

    /** A column that is defined like the attribute's. */
    private Column copy(String name) {
        Column copy = new Column(name);
        copy.setLength(column.getLength());
        copy.setPrecision(column.getPrecision());
        copy.setScale(column.getScale());
        copy.setSqlType(column.getSqlType());
        return copy;
    }

    private void addTwin(Column twin, BasicType<?> type) {
        twin.setNullable(true);
        table.addColumn(twin);
        Property property = hidden(Twins.PREFIX + attribute.getName(), value(twin, twinType(type)));
        property.setSelectable(false);
        property.setPropertyAccessStrategy(new TwinAccess(attribute));
        if (entity.useDynamicUpdate() && owner() == null) {
            property.setValueGeneratorCreator(creation -> new TwinGenerator(attribute.getName()));
        }
        add(property);
    }

    /** The twin is bound exactly as the attribute would be in its column, converters and all. */
    private <T> BasicType<T> twinType(BasicType<T> type) {
        return new CustomType<>(new TwinType<>(type), types);
    }

    private BasicValue value(Column of, BasicType<?> type) {
        String name = "segue-" + UUID.randomUUID();
        types.getBasicTypeRegistry().register(type, name);
        BasicValue made = new BasicValue(context, table);
        of.setValue(made);
        made.addColumn(of);
        made.setTypeName(name);
        return made;
    }

    /** Of two columns of one type. */
    private BasicValue difference(String oldColumn, String newColumn) {
        BasicValue comparison = new BasicValue(context, table);
        comparison.setTypeName(StandardBasicTypes.INTEGER.getName());
        // As text, because JSON has no equality and a collation may find 'a' and 'A' equal.
        String as = database == Database.MYSQL ? "binary" : "text";
        comparison.addFormula(new Formula(
                "case when cast(%1$s as %3$s) = cast(%2$s as %3$s) or (%1$s is null and %2$s is null) then 0 else 1 end"
                        .formatted(oldColumn, newColumn, as)));
        return comparison;
    }

    /** In the database if it can convert; else the new column is read, and {@link ShadowComparison} compares. */
    private void addComparison(AttributeConversion conversion, OldColumn old) {
        String name = nameOf(column);
        // Another column to Hibernate, since it is read in another way; the table has it already.
        Column compared = new Column("`" + name + "`");
        if (old.form() == null) {
            addComparison(value(compared, conversion.newType()), ShadowReads.UNHEARD);
        } else {
            compared.setCustomRead(old.form().differs(database.quote(name), owner() != null));
            addComparison(
                    value(compared, types.getBasicTypeRegistry().resolve(StandardBasicTypes.INTEGER)),
                    Settings.shadowReads(context));
        }
    }

    private void addComparison(BasicValue comparison, ShadowReads listener) {
        Property property = hidden(Twins.SHADOW_PREFIX + attribute.getName(), comparison);
        property.setInsertable(false);
        property.setUpdatable(false);
        property.setPropertyAccessStrategy(new ShadowAccess(annotation.change(), entity.getEntityName(), listener));
        add(property);
    }

    private static Property hidden(String name, BasicValue value) {
        Property property = new SyntheticProperty();
        property.setName(name);
        property.setValue(value);
        property.setOptional(true);
        property.setOptimisticLocked(false);
        return property;
    }

    private void add(Property property) {
        Component owner = owner();
        if (owner != null) {
            owner.addProperty(property);
        } else if (table.equals(entity.getTable())) {
            entity.addProperty(property);
        } else {
            join().addProperty(property);
        }
    }

    private Join join() {
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

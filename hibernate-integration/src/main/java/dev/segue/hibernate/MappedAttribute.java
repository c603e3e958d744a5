package dev.segue.hibernate;

import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import java.util.List;
import java.util.UUID;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.Join;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.SyntheticProperty;
import org.hibernate.mapping.Table;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;
import org.jspecify.annotations.Nullable;

/** A basic attribute as Hibernate has mapped it to its own column, with the means to map it in another way. */
final class MappedAttribute {

    final MetadataBuildingContext context;
    final PersistentClass entity;
    final Property property;
    final BasicValue value;
    final Table table;
    final Column column;
    final Database database;
    final TypeConfiguration types;

    MappedAttribute(MetadataBuildingContext context, PersistentClass entity, Property property) {
        this.context = context;
        this.entity = entity;
        this.property = property;
        this.value = (BasicValue) property.getValue();
        this.table = value.getTable();
        this.column = (Column) value.getColumn();
        this.database = CatalogNames.database(context.getMetadataCollector().getDatabase());
        this.types = context.getBootstrapContext().getTypeConfiguration();
    }

    /** The entity and the attribute, as a message names them. */
    String where() {
        return entity.getEntityName() + "." + property.getName();
    }

    List<String> path() {
        return AttributePath.to(property, entity).stream()
                .map(Property::getName)
                .toList();
    }

    CatalogNames names() {
        return new CatalogNames(context.getMetadataCollector().getDatabase());
    }

    /** The column's name, as the database has it. */
    String columnName() {
        return names().of(column);
    }

    @SuppressWarnings("unchecked")
    BasicType<@Nullable Object> type() {
        return (BasicType<@Nullable Object>) value.resolve().getLegacyResolvedBasicType();
    }

    /** Takes the attribute's own column out of the table. */
    void removeColumn() {
        table.getColumns().removeIf(column::equals);
    }

    /** Something of that type in a column that is read and written. */
    BasicValue value(Column of, BasicType<?> type) {
        return value(of, type, true);
    }

    /** Something of that type that is only read. */
    BasicValue readValue(Column of, BasicType<?> type) {
        return value(of, type, false);
    }

    private BasicValue value(Column of, BasicType<?> type, boolean written) {
        BasicValue made = new BasicValue(context, table);
        made.setTypeName(register(type));
        of.setValue(made);
        made.addColumn(of, written, written);
        return made;
    }

    /** Makes Hibernate know a type of ours by the name that is given back. */
    String register(BasicType<?> type) {
        String name = "segue-" + UUID.randomUUID();
        types.getBasicTypeRegistry().register(type, name);
        return name;
    }

    /** What stands in the place of a column and is read by an expression of its own. */
    Column computed(String name, String read) {
        // No column of the table: Hibernate takes columns of one name for one column, however they are read.
        Column computed = new Column("`" + name + "`");
        computed.setCustomRead(read);
        return computed;
    }

    /**
     * What stands for an expression that every load of the entity selects. Native SQL does not select it, and so cannot
     * load the entity: it would read the attribute from a column of its own name, whatever that holds in this phase.
     */
    Column selected(String change, Phase phase, String read) {
        return computed(
                "no native SQL loads " + String.join(" ", path()) + " in " + phase.id() + " of " + change, read);
    }

    /** A property that only {@code access} hears of, when it is read. */
    Property read(String name, BasicValue of, HiddenAccess access) {
        Property read = hidden(name, of);
        read.setInsertable(false);
        read.setUpdatable(false);
        read.setPropertyAccessStrategy(access);
        return read;
    }

    Property hidden(String name, BasicValue of) {
        Property hidden = new SyntheticProperty();
        hidden.setName(name);
        hidden.setValue(of);
        hidden.setOptional(true);
        hidden.setOptimisticLocked(false);
        return hidden;
    }

    /** Puts a property beside the attribute. */
    void add(Property beside) {
        Component owner = owner();
        if (owner != null) {
            owner.addProperty(beside);
        } else {
            addToEntity(beside);
        }
    }

    void addToEntity(Property hidden) {
        if (table.equals(entity.getTable())) {
            entity.addProperty(hidden);
        } else {
            join().addProperty(hidden);
        }
    }

    private Join join() {
        return entity.getJoins().stream()
                .filter(join -> join.getTable().equals(table))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "The table " + table.getName() + " of " + property.getName() + " is not one of the entity."));
    }

    /** The embedded object that has the attribute, or null if the entity itself has it. */
    @Nullable
    Component owner() {
        List<Property> path = AttributePath.to(property, entity);
        return path.size() == 1 ? null : (Component) path.get(path.size() - 2).getValue();
    }
}

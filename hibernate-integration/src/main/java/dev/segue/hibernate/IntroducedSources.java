package dev.segue.hibernate;

import dev.segue.hibernate.Refusals.Refusal;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.boot.spi.MetadataImplementor;
import org.hibernate.engine.spi.SelfDirtinessTracker;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.hibernate.mapping.Table;
import org.hibernate.type.BasicType;
import org.jspecify.annotations.Nullable;

/**
 * Whether every write of what a new attribute is computed from can be seen: whoever writes a row of the table has to
 * write the new column too.
 */
final class IntroducedSources {

    private final MetadataImplementor metadata;
    private final Findings findings;
    private final PersistentClass entity;
    private final CatalogNames names;

    IntroducedSources(MetadataImplementor metadata, Findings findings, PersistentClass entity) {
        this.metadata = metadata;
        this.findings = findings;
        this.entity = entity;
        this.names = new CatalogNames(metadata.getDatabase());
    }

    /** @throws UnfitConversionException if the conversion does not fit */
    @Nullable
    Refusal refusal(Mark mark, String where, BasicType<@Nullable Object> type) {
        if (!(entity instanceof RootClass) || Refusals.liesInSeveralTables(entity)) {
            return new Refusal(
                    entity.getEntityName(),
                    "Not every row of the table is written with the attribute: the entity is one of a hierarchy's"
                            + " subclasses, or lies in several tables.",
                    "Introduce the attribute in the root of the hierarchy, all in one table, or add the column by hand.");
        }
        String other = otherWriter(entity.getTable());
        if (other != null) {
            return new Refusal(
                    other,
                    "It maps the same table, and would write rows without the new column.",
                    "Let only one entity map the table, until the change is over.");
        }
        if (entity.useDynamicUpdate() && mark.columns().size() > 1 && entity.getVersion() == null) {
            return new Refusal(
                    String.join(",", mark.columns()),
                    "Two updates of different columns (@DynamicUpdate) could each compute the value from what the other"
                            + " one has just changed.",
                    "Give the entity a @Version, or let it be updated as a whole until the change is over.");
        }
        if (entity.useDynamicUpdate() && SelfDirtinessTracker.class.isAssignableFrom(entity.getMappedClass())) {
            return new Refusal(
                    entity.getEntityName(),
                    "The entity tracks its changes itself (bytecode enhancement) and is updated column by column"
                            + " (@DynamicUpdate), so a value that follows others would be left behind.",
                    "Let it be updated as a whole until the change is over.");
        }
        InitialValue initial = InitialValue.of(
                mark,
                where,
                type,
                metadata.getDatabase().getTypeConfiguration(),
                CatalogNames.database(metadata.getDatabase()));
        if (initial.sql().isEmpty() && initial.sources().size() > 1) {
            return new Refusal(
                    initial.name(),
                    "A value that comes from several columns cannot be read by a conversion that exists only in Java.",
                    "Give the conversion an SQL form.");
        }
        for (int i = 0; i < initial.sources().size(); i++) {
            String column = initial.sources().get(i);
            List<Property> path = SourceAttribute.pathTo(column, entity, names);
            if (!isPlain(path)) {
                return new Refusal(
                        column,
                        "The value comes from this column, and not exactly one plain attribute of the entity is mapped"
                                + " to it, that is inserted and updated, and not changed itself.",
                        "Map the column by such an attribute, or let the value come from others.");
            }
            SourceAttribute.of(
                    path,
                    initial.before().types().get(i),
                    metadata.getDatabase().getDialect());
        }
        return null;
    }

    private @Nullable String otherWriter(Table table) {
        return Stream.concat(
                        metadata.getEntityBindings().stream()
                                .filter(other -> other instanceof RootClass && other != entity)
                                .filter(other -> other.getTable().equals(table)
                                        || other.getJoins().stream()
                                                .anyMatch(
                                                        join -> join.getTable().equals(table)))
                                .map(PersistentClass::getEntityName),
                        metadata.getCollectionBindings().stream()
                                .filter(collection -> table.equals(collection.getCollectionTable()))
                                .map(Collection::getRole))
                .findFirst()
                .orElse(null);
    }

    private boolean isPlain(List<Property> path) {
        if (path.isEmpty()) {
            return false;
        }
        Property source = path.get(path.size() - 1);
        BasicValue value = (BasicValue) source.getValue();
        Column column = (Column) value.getColumn();
        return !source.equals(entity.getVersion())
                && value.getTable().equals(entity.getTable())
                && column.getCustomRead() == null
                && column.getCustomWrite() == null
                && !findings.isMarked(source)
                && path.stream()
                        .allMatch(each -> each.isInsertable()
                                && each.isUpdatable()
                                && !each.isLazy()
                                && each.getValueGeneratorCreator() == null);
    }
}

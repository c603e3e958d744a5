package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.database.TableName;
import java.util.List;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.engine.jdbc.env.spi.IdentifierHelper;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.hibernate.mapping.Subclass;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.UnionSubclass;
import org.jspecify.annotations.Nullable;

/** Reads one annotation: what it declares, or why it cannot be followed. */
final class DeclarationReader {

    private final Findings findings;
    private final MetadataBuildingContext context;
    private final IdentifierHelper names;

    DeclarationReader(Findings findings, MetadataBuildingContext context) {
        this.findings = findings;
        this.context = context;
        this.names = context.getMetadataCollector()
                .getDatabase()
                .getJdbcEnvironment()
                .getIdentifierHelper();
    }

    void read(Replaces annotation, PersistentClass entity, Property property) {
        String where = entity.getEntityName() + "." + property.getName();
        Refusal refusal = refusal(annotation, entity, property);
        if (refusal != null) {
            findings.refuse(where, refusal.value(), refusal.message(), refusal.remedy());
            return;
        }
        BasicValue value = (BasicValue) property.getValue();
        Column column = (Column) value.getColumn();
        Table table = value.getTable();
        Identifier schema =
                table.getSchemaIdentifier() == null ? table.getCatalogIdentifier() : table.getSchemaIdentifier();
        findings.declare(new Declaration(
                annotation.change(),
                where,
                new TableName(schema == null ? null : inCatalog(schema), inCatalog(table.getNameIdentifier())),
                List.of(annotation.column()),
                List.of(inCatalog(column.getNameIdentifier(context))),
                !column.isNullable()));
    }

    private record Refusal(String value, String message, String remedy) {}

    private static @Nullable Refusal refusal(Replaces annotation, PersistentClass entity, Property property) {
        if (annotation.change().isBlank() || annotation.change().length() > 100) {
            return new Refusal(
                    annotation.change(), "The id of a change has 1 to 100 characters.", "Give the change such an id.");
        }
        if (annotation.column().length != 1 || annotation.column()[0].isBlank()) {
            return new Refusal(
                    String.join(",", annotation.column()),
                    "Exactly one old column can be replaced by an attribute.",
                    "Name one column.");
        }
        if (!(property.getValue() instanceof BasicValue value)) {
            return notBasic(property, "an association, an embedded object or a collection");
        }
        if (!(value.getColumn() instanceof Column)) {
            return notBasic(property, "computed by a formula");
        }
        if (property.equals(entity.getIdentifierProperty()) || isPartOfIdentifier(entity, property)) {
            return notBasic(property, "part of the identifier");
        }
        if (property.equals(entity.getVersion())) {
            return notBasic(property, "the version");
        }
        if (property.isNaturalIdentifier()) {
            return notBasic(property, "part of the natural id");
        }
        if (property.isLazy()) {
            return notBasic(property, "loaded lazily");
        }
        if (!value.hasAnyInsertableColumns() || !value.hasAnyUpdatableColumns()) {
            return notBasic(property, "not insertable or not updatable");
        }
        if (isUnion(entity)) {
            return notBasic(property, "in a hierarchy with a table per class");
        }
        Table table = value.getTable();
        if (table.getSubselect() != null || !table.isPhysicalTable()) {
            return new Refusal(
                    entity.getEntityName(),
                    "The entity has no table.",
                    "Change columns of a table, not of a query or a view.");
        }
        if (!isTableOf(entity, table)) {
            return notBasic(property, "in a collection or in a table that is not one of the entity");
        }
        return null;
    }

    private static Refusal notBasic(Property property, String what) {
        return new Refusal(
                property.getName(),
                "The attribute is " + what + ", and only a plain column that is read and written can be replaced.",
                "Remove @Replaces from it.");
    }

    private static boolean isPartOfIdentifier(PersistentClass entity, Property property) {
        return entity.getIdentifier() instanceof Component id
                && id.getProperties().contains(property);
    }

    private static boolean isUnion(PersistentClass entity) {
        RootClass root = entity.getRootClass();
        for (Subclass subclass : root.getSubclasses()) {
            if (subclass instanceof UnionSubclass) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTableOf(PersistentClass entity, Table table) {
        return table.equals(entity.getTable())
                || entity.getJoinClosure().stream()
                        .anyMatch(join -> join.getTable().equals(table));
    }

    /** As the catalog has it: an unquoted name in the database's own case. */
    private String inCatalog(Identifier name) {
        return names.toMetaDataObjectName(name);
    }
}

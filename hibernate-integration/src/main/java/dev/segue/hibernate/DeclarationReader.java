package dev.segue.hibernate;

import dev.segue.change.Conversion;
import dev.segue.change.Declaration;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.relational.Database;
import org.hibernate.boot.spi.MetadataImplementor;
import org.hibernate.engine.OptimisticLockStyle;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.JoinedSubclass;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.RootClass;
import org.hibernate.mapping.Subclass;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.UnionSubclass;
import org.hibernate.type.BasicPluralType;
import org.jspecify.annotations.Nullable;

/** Reads one annotation: what it declares, or why it cannot be followed. */
final class DeclarationReader {

    private final Findings findings;
    private final MetadataImplementor metadata;
    private final Database database;
    private final CatalogNames names;

    DeclarationReader(Findings findings, MetadataImplementor metadata) {
        this.findings = findings;
        this.metadata = metadata;
        this.database = metadata.getDatabase();
        this.names = new CatalogNames(database);
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
        TableName name = new TableName(schema == null ? null : names.of(schema), names.of(table.getNameIdentifier()));
        try {
            Declaration declaration = annotation.conversion() == Conversion.class
                    ? Declaration.rename(
                            annotation.change(),
                            where,
                            name,
                            annotation.column()[0],
                            names.of(column),
                            !column.isNullable())
                    : converted(annotation, where, name, value, column);
            findings.declare(new Findings.Found(declaration, entity, property));
            if (declaration.form() instanceof JavaForm) {
                refuseWhereOnlyJavaConverts(where, annotation, entity, property);
            } else if (annotation.conversion() != Conversion.class) {
                refuseWhereMergeConverts(where, annotation, entity, table);
            }
        } catch (UnfitConversionException e) {
            findings.refuse(where, annotation.conversion().getName(), e.message(), e.remedy());
        }
    }

    private Declaration converted(Replaces annotation, String where, TableName table, BasicValue value, Column column) {
        String before = annotation.column()[0];
        String after = names.of(column);
        AttributeConversion conversion = AttributeConversion.of(
                annotation,
                where,
                new AttributeConversion.Columns(before, after),
                value.resolve().getLegacyResolvedBasicType(),
                database.getTypeConfiguration(),
                CatalogNames.database(database));
        Form form = conversion.sql().isPresent() ? conversion.sql().get() : inJava(conversion);
        return new Declaration(
                annotation.change(),
                where,
                Kind.REPLACE,
                table,
                List.of(before),
                List.of(new Declaration.NewColumn(after, column.getSqlType(metadata), !column.isNullable())),
                form);
    }

    private Form inJava(AttributeConversion conversion) {
        ColumnValues old = ColumnValues.of(conversion.oldType(), database.getDialect());
        ColumnValues current = ColumnValues.of(conversion.newType(), database.getDialect());
        return JavaForm.lossless(
                values -> Collections.singletonList(current.toJdbc(conversion.toNew(old.fromJdbc(values.get(0))))),
                values -> Collections.singletonList(old.toJdbc(conversion.toOld(current.fromJdbc(values.get(0))))));
    }

    /** Statements that Hibernate makes without its translator of queries would use what the old column really holds. */
    private void refuseWhereOnlyJavaConverts(
            String where, Replaces annotation, PersistentClass entity, Property property) {
        String place = AttributePath.to(property, entity).size() > 1
                ? "in an embedded object"
                : liesInSeveralTables(entity) ? "in an entity of several tables" : null;
        if (place != null) {
            findings.refuse(
                    where,
                    annotation.conversion().getName(),
                    "The attribute is " + place + ", and there a conversion that exists only in Java is not followed.",
                    "Give the conversion an SQL form.");
        }
    }

    /** Rows of a secondary table may be missing, so Hibernate writes them by MERGE, which reads what is being written. */
    private void refuseWhereMergeConverts(String where, Replaces annotation, PersistentClass entity, Table table) {
        if (CatalogNames.database(database) == dev.segue.database.Database.POSTGRESQL
                && entity.getJoinClosure().stream()
                        .anyMatch(join -> join.getTable().equals(table))) {
            findings.refuse(
                    where,
                    annotation.conversion().getName(),
                    "The attribute is in a secondary table, which Hibernate writes by MERGE on PostgreSQL, without the"
                            + " conversion.",
                    "Only rename the column, or make the secondary table an entity of its own.");
        }
    }

    private static boolean liesInSeveralTables(PersistentClass entity) {
        RootClass root = entity.getRootClass();
        return !root.getJoins().isEmpty()
                || root.getSubclasses().stream()
                        .anyMatch(subclass -> subclass instanceof JoinedSubclass
                                || !subclass.getJoins().isEmpty());
    }

    private record Refusal(String value, String message, String remedy) {}

    private @Nullable Refusal refusal(Replaces annotation, PersistentClass entity, Property property) {
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
        if (!(value.getColumn() instanceof Column column)) {
            return notBasic(property, "computed by a formula");
        }
        String role = role(annotation, entity, property, value, column);
        if (role != null) {
            return notBasic(property, role);
        }
        Table table = value.getTable();
        if (table.getSubselect() != null || table.isView() || !table.isPhysicalTable()) {
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

    /** What makes the attribute more than a plain column, if there is something. */
    private @Nullable String role(
            Replaces annotation, PersistentClass entity, Property property, BasicValue value, Column column) {
        List<Property> path = AttributePath.to(property, entity);
        if (AttributePath.isPartOfIdentifier(property, entity)) {
            return "part of the identifier";
        }
        if (property.equals(entity.getVersion())) {
            return "the version";
        }
        if (path.stream().anyMatch(Property::isNaturalIdentifier)) {
            return "part of the natural id";
        }
        if (path.stream().anyMatch(Property::isLazy)) {
            return "loaded lazily";
        }
        if (!value.hasAnyInsertableColumns()
                || !value.hasAnyUpdatableColumns()
                || !path.stream().allMatch(each -> each.isInsertable() && each.isUpdatable())) {
            return "not insertable or not updatable";
        }
        if (path.stream().anyMatch(each -> each.getValueGeneratorCreator() != null)) {
            return "generated by Hibernate or by the database";
        }
        String embedded = path.stream()
                .flatMap(each -> each.getValue() instanceof Component owner ? Stream.of(owner) : Stream.of())
                .map(DeclarationReader::embeddedIn)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (embedded != null) {
            return embedded;
        }
        if (column.getCustomRead() != null || column.getCustomWrite() != null) {
            return "read or written through an expression (@ColumnTransformer)";
        }
        if (annotation.conversion() != Conversion.class && comparesValues(entity)) {
            return "compared with its value at loading (@OptimisticLocking) and converted";
        }
        if (value.isPartitionKey()) {
            return "a partition key";
        }
        if (value.resolve().getLegacyResolvedBasicType() instanceof BasicPluralType) {
            return "an array or a collection in one column, which Hibernate cannot cast twice";
        }
        if (isLargeObject(value)) {
            return "a large object outside its row (oid)";
        }
        if (isUnion(entity)) {
            return "in a hierarchy with a table per class";
        }
        return null;
    }

    private static boolean comparesValues(PersistentClass entity) {
        OptimisticLockStyle style = entity.getRootClass().getOptimisticLockStyle();
        return style == OptimisticLockStyle.ALL || style == OptimisticLockStyle.DIRTY;
    }

    /** What makes an embedded object more than a group of columns, if there is something. */
    private static @Nullable String embeddedIn(Component owner) {
        if (owner.getAggregateColumn() != null) {
            return "part of a value that is stored in one column";
        }
        if (owner.getComponentClassName() != null && owner.getComponentClass().isRecord()) {
            return "in an embedded record, which has no room for a second column (a class has)";
        }
        if (owner.isPolymorphic()) {
            return "in an embedded object with subclasses";
        }
        if (owner.getTypeName() != null || owner.getCustomInstantiator() != null || owner.getInstantiator() != null) {
            return "in an embedded object that is not made by its constructor without parameters";
        }
        return null;
    }

    /** PostgreSQL keeps a LOB elsewhere: two columns would have two of them, or share one that a delete takes away. */
    private boolean isLargeObject(BasicValue value) {
        return CatalogNames.database(database) == dev.segue.database.Database.POSTGRESQL
                && value.resolve().getJdbcType().isLob();
    }

    private static Refusal notBasic(Property property, String what) {
        return new Refusal(
                property.getName(),
                "The attribute is " + what + ", and only a plain column that is read and written can be replaced.",
                "Remove @Replaces from it.");
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
}

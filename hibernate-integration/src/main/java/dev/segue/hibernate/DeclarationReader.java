package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.Form;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
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
import org.hibernate.type.BasicType;
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

    void read(Mark mark, PersistentClass entity, Property property) {
        String where = entity.getEntityName() + "." + property.getName();
        Refusal refusal = refusal(mark, entity, property);
        if (refusal != null) {
            findings.refuse(where, refusal.value(), refusal.message(), refusal.remedy());
            return;
        }
        BasicValue value = (BasicValue) property.getValue();
        Column column = (Column) value.getColumn();
        try {
            Declaration declaration = declaration(mark, where, value, column);
            if (mark.kind() == Kind.INTRODUCE) {
                Refusal source = new IntroducedSources(metadata, findings, entity).refusal(mark, where, type(value));
                if (source != null) {
                    findings.refuse(where, source.value(), source.message(), source.remedy());
                    return;
                }
            }
            findings.declare(new Findings.Found(declaration, entity, property));
            if (declaration.form() instanceof JavaForm && mark.kind() == Kind.REPLACE) {
                refuseWhereOnlyJavaConverts(where, mark, entity, property);
            }
        } catch (UnfitConversionException e) {
            findings.refuse(where, mark.conversionName(), e.message(), e.remedy());
        }
    }

    private Declaration declaration(Mark mark, String where, BasicValue value, Column column) {
        Table table = value.getTable();
        Identifier schema =
                table.getSchemaIdentifier() == null ? table.getCatalogIdentifier() : table.getSchemaIdentifier();
        TableName name = new TableName(schema == null ? null : names.of(schema), names.of(table.getNameIdentifier()));
        String own = names.of(column);
        boolean mandatory = !column.isNullable();
        if (mark.kind() == Kind.RETIRE) {
            SqlForm fill = new SqlForm(List.of(), List.of(mark.fill()));
            return new Declaration(mark.change(), where, Kind.RETIRE, name, List.of(own), List.of(), fill);
        }
        if (mark.kind() == Kind.REPLACE && mark.conversion() == null) {
            return Declaration.rename(mark.change(), where, name, mark.columns().get(0), own, mandatory);
        }
        return new Declaration(
                mark.change(),
                where,
                mark.kind(),
                name,
                mark.columns(),
                List.of(new Declaration.NewColumn(own, column.getSqlType(metadata), mandatory)),
                mark.kind() == Kind.REPLACE ? converted(mark, where, value, own) : computed(mark, where, value));
    }

    private Form converted(Mark mark, String where, BasicValue value, String own) {
        AttributeConversion conversion = AttributeConversion.of(
                mark,
                where,
                new AttributeConversion.Columns(mark.columns().get(0), own),
                type(value),
                database.getTypeConfiguration(),
                CatalogNames.database(database));
        return conversion.sql().isPresent() ? conversion.sql().get() : inJava(conversion);
    }

    private Form computed(Mark mark, String where, BasicValue value) {
        return InitialValue.of(
                        mark, where, type(value), database.getTypeConfiguration(), CatalogNames.database(database))
                .form(database.getDialect());
    }

    @SuppressWarnings("unchecked")
    private static BasicType<@Nullable Object> type(BasicValue value) {
        return (BasicType<@Nullable Object>) value.resolve().getLegacyResolvedBasicType();
    }

    private Form inJava(AttributeConversion conversion) {
        ColumnValues old = ColumnValues.of(conversion.oldType(), database.getDialect());
        ColumnValues current = ColumnValues.of(conversion.newType(), database.getDialect());
        return JavaForm.lossless(
                values -> Collections.singletonList(current.toJdbc(conversion.toNew(old.fromJdbc(values.get(0))))),
                values -> Collections.singletonList(old.toJdbc(conversion.toOld(current.fromJdbc(values.get(0))))));
    }

    /** Statements that Hibernate makes without its translator of queries would use what the old column really holds. */
    private void refuseWhereOnlyJavaConverts(String where, Mark mark, PersistentClass entity, Property property) {
        String place = AttributePath.to(property, entity).size() > 1
                ? "in an embedded object"
                : liesInSeveralTables(entity) ? "in an entity of several tables" : null;
        if (place != null) {
            findings.refuse(
                    where,
                    mark.conversionName(),
                    "The attribute is " + place + ", and there a conversion that exists only in Java is not followed.",
                    "Give the conversion an SQL form.");
        }
    }

    static boolean liesInSeveralTables(PersistentClass entity) {
        RootClass root = entity.getRootClass();
        return !root.getJoins().isEmpty()
                || root.getSubclasses().stream()
                        .anyMatch(subclass -> subclass instanceof JoinedSubclass
                                || !subclass.getJoins().isEmpty());
    }

    /** Why an annotation cannot be followed. */
    record Refusal(String value, String message, String remedy) {}

    private @Nullable Refusal refusal(Mark mark, PersistentClass entity, Property property) {
        if (mark.change().isBlank() || mark.change().length() > 100) {
            return new Refusal(
                    mark.change(), "The id of a change has 1 to 100 characters.", "Give the change such an id.");
        }
        if (findings.isMarkedTwice(property, entity)) {
            return new Refusal(
                    mark.change(),
                    "The attribute carries several changes at once.",
                    "Finish one change before the next begins.");
        }
        if (mark.kind() == Kind.REPLACE
                && (mark.columns().size() != 1 || mark.columns().get(0).isBlank())) {
            return new Refusal(
                    String.join(",", mark.columns()),
                    "Exactly one old column can be replaced by an attribute.",
                    "Name one column.");
        }
        if (!(property.getValue() instanceof BasicValue value)) {
            return notBasic(mark, property, "an association, an embedded object or a collection");
        }
        if (!(value.getColumn() instanceof Column column)) {
            return notBasic(mark, property, "computed by a formula");
        }
        String role = role(mark, entity, property, value, column);
        if (role != null) {
            return notBasic(mark, property, role);
        }
        Table table = value.getTable();
        if (table.getSubselect() != null || table.isView() || !table.isPhysicalTable()) {
            return new Refusal(
                    entity.getEntityName(),
                    "The entity has no table.",
                    "Change columns of a table, not of a query or a view.");
        }
        if (!isTableOf(entity, table)) {
            return notBasic(mark, property, "in a collection or in a table that is not one of the entity");
        }
        return mark.kind() != Kind.REPLACE && isPrimitive(entity, property) ? primitive(mark, property) : null;
    }

    /** What makes the attribute more than a plain column, if there is something. */
    private @Nullable String role(
            Mark mark, PersistentClass entity, Property property, BasicValue value, Column column) {
        List<Property> path = AttributePath.to(property, entity);
        if (AttributePath.isPartOfIdentifier(property, entity)) {
            return "part of the identifier";
        }
        if (mark.kind() == Kind.INTRODUCE && path.size() > 1) {
            return "in an embedded object";
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
        if (mark.conversion() != null && comparesValues(entity)) {
            return "compared with its value at loading (@OptimisticLocking) and converted";
        }
        if (value.isPartitionKey()) {
            return "a partition key";
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

    private static Refusal notBasic(Mark mark, Property property, String what) {
        return new Refusal(
                property.getName(),
                "The attribute is " + what + ", and only a plain column that is read and written can be "
                        + switch (mark.kind()) {
                            case REPLACE -> "replaced.";
                            case INTRODUCE -> "introduced.";
                            case RETIRE -> "retired.";
                        },
                "Remove " + mark.annotation() + " from it.");
    }

    private static boolean isPrimitive(PersistentClass entity, Property property) {
        List<Property> path = AttributePath.to(property, entity);
        Class<?> owner = path.size() == 1
                ? entity.getMappedClass()
                : ((Component) path.get(path.size() - 2).getValue()).getComponentClass();
        return property.getGetter(owner).getReturnTypeClass().isPrimitive();
    }

    private static Refusal primitive(Mark mark, Property property) {
        return new Refusal(
                property.getName(),
                mark.kind() == Kind.RETIRE
                        ? "The attribute cannot be null, and it is when its column is gone."
                        : "The attribute cannot be null, so nobody can tell whether it has been set.",
                "Give it an object type, such as Integer instead of int, until the change is over.");
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

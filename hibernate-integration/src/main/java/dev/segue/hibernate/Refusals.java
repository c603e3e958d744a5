package dev.segue.hibernate;

import dev.segue.lifecycle.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.boot.model.relational.Database;
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

/** Tells why an annotation cannot be followed, if it cannot. */
final class Refusals {

    private final Findings findings;
    private final Database database;

    Refusals(Findings findings, Database database) {
        this.findings = findings;
        this.database = database;
    }

    private static final String ASSOCIATION = "an association, an embedded object or a collection";
    private static final String VERSION = "the version";
    private static final String NATURAL_ID = "part of the natural id";
    private static final String LAZY = "loaded lazily";
    private static final String READ_ONLY = "not insertable or not updatable";

    /** What makes a plain column of an attribute while the change is under way, or how else its column changes. */
    private static final Map<String, String> UNTIL = Map.of(
            NATURAL_ID,
            "Take it out of the natural id until the change is over and find the entity by a query, or: ",
            LAZY,
            "Load it with its entity until the change is over, or: ",
            READ_ONLY,
            "Let it be inserted and updated until the change is over, or: ",
            ASSOCIATION,
            "Give the target to a second attribute with a column of its own, written beside this one in your code, or: ",
            VERSION,
            "Keep its column. ");

    /** Why not, and what to do. */
    record Refusal(String value, String message, String remedy) {}

    /** @throws UnfitConversionException if nobody can tell the order of an attribute's columns */
    @Nullable
    Refusal of(Mark mark, PersistentClass entity, Property property) {
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
                && (mark.columns().isEmpty() || mark.columns().stream().anyMatch(String::isBlank))) {
            return new Refusal(
                    String.join(",", mark.columns()),
                    "The annotation does not name the old column.",
                    "Name the column that is replaced.");
        }
        return GroupConversion.isNeeded(mark, property)
                ? ofGroup(mark, entity, property)
                : ofColumn(mark, entity, property);
    }

    private @Nullable Refusal ofGroup(Mark mark, PersistentClass entity, Property property) {
        if (mark.kind() == Kind.RETIRE) {
            return new Refusal(
                    property.getName(),
                    "Only a single column is retired at once.",
                    "Annotate the attributes of the embedded object instead, each with a change of its own.");
        }
        if (mark.conversion() == null) {
            return new Refusal(
                    property.getName(),
                    "Several columns become others only by a conversion.",
                    "Name one column, or give the annotation a conversion.");
        }
        if (AttributePath.to(property, entity).size() > 1) {
            return notBasic(mark, property, "in an embedded object, with several columns");
        }
        if (liesInSeveralTables(entity)) {
            return notBasic(mark, property, "in an entity of several tables, with several columns");
        }
        return Parts.declared(property).stream()
                .map(part -> findings.isMarked(part) && part != property
                        ? notBasic(mark, part, "changed itself")
                        : ofColumn(mark, entity, part))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Refusal ofColumn(Mark mark, PersistentClass entity, Property property) {
        if (!(property.getValue() instanceof BasicValue value)) {
            return notBasic(mark, property, ASSOCIATION);
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
            return VERSION;
        }
        if (path.stream().anyMatch(Property::isNaturalIdentifier)) {
            return NATURAL_ID;
        }
        if (path.stream().anyMatch(Property::isLazy)) {
            return LAZY;
        }
        if (!value.hasAnyInsertableColumns()
                || !value.hasAnyUpdatableColumns()
                || !path.stream().allMatch(each -> each.isInsertable() && each.isUpdatable())) {
            return READ_ONLY;
        }
        if (path.stream().anyMatch(each -> each.getValueGeneratorCreator() != null)) {
            return "generated by Hibernate or by the database";
        }
        String embedded = path.stream()
                .filter(each -> each.getValue() instanceof Component)
                .map(each -> embeddedIn((Component) each.getValue(), findings.isMarked(each)))
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
    private static @Nullable String embeddedIn(Component owner, boolean whole) {
        if (owner.getAggregateColumn() != null) {
            return "part of a value that is stored in one column";
        }
        if (!whole
                && owner.getComponentClassName() != null
                && owner.getComponentClass().isRecord()) {
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
                UNTIL.getOrDefault(what, "") + "Remove " + mark.annotation() + " from it.");
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

    static boolean liesInSeveralTables(PersistentClass entity) {
        RootClass root = entity.getRootClass();
        return !root.getJoins().isEmpty()
                || root.getSubclasses().stream()
                        .anyMatch(subclass -> subclass instanceof JoinedSubclass
                                || !subclass.getJoins().isEmpty());
    }
}

package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.JavaForm;
import dev.segue.lifecycle.Kind;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hibernate.boot.Metadata;
import org.hibernate.mapping.Collection;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.FilterConfiguration;
import org.hibernate.mapping.Formula;
import org.hibernate.mapping.IdentifierCollection;
import org.hibernate.mapping.IndexedCollection;
import org.hibernate.mapping.Join;
import org.hibernate.mapping.OneToMany;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Selectable;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.ToOne;
import org.hibernate.mapping.Value;
import org.jspecify.annotations.Nullable;

/**
 * Whatever else in the mappings uses the columns of a change. It would keep its column while the attribute moves to the
 * other one, so it would read what nobody has filled yet, write one side alone, or name a column that is gone.
 */
final class Neighbours {

    private static final String ENVERS = "org.hibernate.envers.Audited";
    private static final String OTHERS = "Let only the attribute of the change use these columns.";

    private final Metadata metadata;
    private final Findings findings;

    Neighbours(Metadata metadata, Findings findings) {
        this.metadata = metadata;
        this.findings = findings;
    }

    /** Part of a mapping that has columns. */
    private record Part(String where, Value value) {}

    /** Refuses an attribute in the elements of a collection. */
    void refuseElement(Findings.Annotated one) {
        String name = one.property().getName();
        List<Value> own =
                flat(new Part(name, one.property().getValue())).map(Part::value).toList();
        findings.refuse(
                parts().filter(part -> own.stream().anyMatch(value -> value == part.value()))
                        .map(Part::where)
                        .findFirst()
                        .orElse(name),
                one.mark().change(),
                "The attribute is in a collection, and only one of an entity's own tables can be replaced.",
                "Remove " + one.mark().annotation() + " from it.");
    }

    void check(Findings.Found found) {
        if (isAudited(found.entity())) {
            refuse(
                    found,
                    found.entity().getEntityName(),
                    "The entity has a table of its history, whose columns would not follow the phases.",
                    "Take the entity's history out of Hibernate until the change is over.");
        }
        parts().forEach(part -> {
            sharedColumn(found, part);
            referencedColumn(found, part);
            part.value().getSelectables().forEach(selectable -> ownSql(found, part, selectable));
        });
        metadata.getEntityBindings().forEach(entity -> entitySql(found, entity));
        metadata.getCollectionBindings().forEach(collection -> collectionSql(found, collection));
    }

    /** Hibernate's own history tables, and those of Envers, which may not be on the class path. */
    private static boolean isAudited(PersistentClass entity) {
        if (entity.getRootClass().getAuxiliaryTable() != null) {
            return true;
        }
        for (Class<?> each = entity.getMappedClass(); each != null; each = each.getSuperclass()) {
            Stream<AnnotatedElement> elements = Stream.of(
                            Stream.of(each), Stream.of(each.getDeclaredFields()), Stream.of(each.getDeclaredMethods()))
                    .flatMap(some -> some);
            if (elements.flatMap(element -> Stream.of(element.getAnnotations()))
                    .anyMatch(
                            annotation -> annotation.annotationType().getName().equals(ENVERS))) {
                return true;
            }
        }
        return false;
    }

    private static List<String> columns(Findings.Found found) {
        Declaration declaration = found.declaration();
        // The sources of a new column stay, and are somebody else's.
        List<String> before = declaration.kind() == Kind.INTRODUCE ? List.of() : declaration.oldColumns();
        return Stream.concat(before.stream(), declaration.newColumns().stream().map(Declaration.NewColumn::name))
                .toList();
    }

    private static boolean isOf(Findings.Found found, Column column) {
        return columns(found).stream().anyMatch(column.getName()::equalsIgnoreCase);
    }

    private static Table table(Findings.Found found) {
        return found.property().getValue().getTable();
    }

    private void refuse(Findings.Found found, String value, String message, String remedy) {
        findings.refuse(found.declaration().attribute(), value, message, remedy);
    }

    private void sharedColumn(Findings.Found found, Part part) {
        if (Parts.declared(found.property()).stream().anyMatch(own -> own.getValue() == part.value())
                || !table(found).equals(part.value().getTable())) {
            return;
        }
        for (Selectable selectable : part.value().getSelectables()) {
            if (selectable instanceof Column column && isOf(found, column)) {
                refuse(
                        found,
                        found.declaration().table() + "." + column.getName(),
                        "The column is mapped by " + part.where() + " too.",
                        OTHERS);
            }
        }
    }

    /** A formula, or what a column is read and written by. */
    private void ownSql(Findings.Found found, Part part, Selectable selectable) {
        Table table = part.value().getTable();
        if (selectable instanceof Formula formula) {
            sql(found, part.where(), table, formula.getText());
        } else if (selectable instanceof Column column
                && Parts.declared(found.property()).stream().noneMatch(own -> own.getValue() == part.value())) {
            sql(found, part.where(), table, column.getCustomRead());
            sql(found, part.where(), table, column.getCustomWrite());
        }
    }

    /** An association that refers to the attribute's column instead of the primary key. */
    private void referencedColumn(Findings.Found found, Part part) {
        if (part.value() instanceof ToOne association
                && association.getReferencedPropertyName() != null
                && metadata.getEntityBinding(association.getReferencedEntityName()) != null) {
            PersistentClass target = metadata.getEntityBinding(association.getReferencedEntityName());
            referenced(found, part.where(), target, association.getReferencedPropertyName());
        }
    }

    private void referenced(Findings.Found found, String where, PersistentClass target, String property) {
        Value value = target.getReferencedProperty(property).getValue();
        boolean same = value.getTable().equals(table(found))
                && value.getSelectables().stream()
                        .anyMatch(selectable -> selectable instanceof Column column && isOf(found, column));
        if (same) {
            refuse(
                    found,
                    where,
                    "The association refers to the attribute's column instead of the primary key.",
                    "Let it refer to the primary key, or wait until the change is over.");
        }
    }

    private void entitySql(Findings.Found found, PersistentClass entity) {
        String name = entity.getEntityName();
        sql(found, name, entity.getTable(), entity.getTable().getSubselect());
        sql(found, name, entity.getTable(), entity.getWhere());
        filters(found, name, entity.getTable(), entity.getFilters());
        sql(found, name, entity.getTable(), entity.getCustomSQLDelete());
        if (!entity.equals(found.entity())) {
            return;
        }
        for (PersistentClass each = entity; each != null; each = each.getSuperclass()) {
            own(found, each.getCustomSQLInsert(), "@SQLInsert");
            own(found, each.getCustomSQLUpdate(), "@SQLUpdate");
            own(found, each.getLoaderName(), "@SQLSelect or @HQLSelect");
            for (Join join : each.getJoins()) {
                own(found, join.getCustomSQLInsert(), "@SQLInsert");
                own(found, join.getCustomSQLUpdate(), "@SQLUpdate");
            }
        }
    }

    /** SQL that stands for all of Hibernate's own has the columns of one phase only. */
    private void own(Findings.Found found, @Nullable String sql, String annotation) {
        if (sql != null) {
            refuse(
                    found,
                    sql,
                    "The entity has SQL of its own by " + annotation + ", and that does not follow the phases.",
                    "Remove it until the change is over.");
        }
    }

    private void collectionSql(Findings.Found found, Collection collection) {
        String role = collection.getRole();
        Table table = collection.getCollectionTable();
        Table elements = elements(collection);
        Stream.of(
                        collection.getWhere(),
                        collection.getCustomSQLInsert(),
                        collection.getCustomSQLUpdate(),
                        collection.getCustomSQLDelete(),
                        collection.getCustomSQLDeleteAll())
                .forEach(text -> sql(found, role, table, text));
        Stream.of(
                        collection.getManyToManyWhere(),
                        collection.getOrderBy(),
                        collection.getManyToManyOrdering(),
                        collection.getWhere())
                .forEach(text -> sql(found, role, elements, text));
        boolean gone = found.declaration().kind() == Kind.RETIRE;
        if ((gone || found.declaration().form() instanceof JavaForm) && elements.equals(table(found))) {
            Stream.of(collection.getOrderBy(), collection.getManyToManyOrdering())
                    .forEach(text -> order(found, role, text, gone));
        }
        filters(found, role, table, collection.getFilters());
        filters(found, role, elements, collection.getManyToManyFilters());
        if (collection.getReferencedPropertyName() != null) {
            referenced(found, role, collection.getOwner(), collection.getReferencedPropertyName());
        }
    }

    private void order(Findings.Found found, String role, @Nullable String text, boolean gone) {
        if (text != null && mentions(text, found.property().getName(), true)) {
            refuse(
                    found,
                    role + ": " + text,
                    "The collection is sorted by the attribute, and its "
                            + (gone ? "column goes." : "conversion exists only in Java."),
                    (gone ? "Sort by another attribute" : "Give the conversion an SQL form") + ", or sort in Java.");
        }
    }

    private Table elements(Collection collection) {
        if (collection.getElement() instanceof OneToMany association) {
            return association.getAssociatedClass().getTable();
        }
        return collection.getElement() instanceof ToOne association
                ? metadata.getEntityBinding(association.getReferencedEntityName())
                        .getTable()
                : collection.getElement().getTable();
    }

    private void filters(Findings.Found found, String where, Table table, List<FilterConfiguration> filters) {
        for (FilterConfiguration filter : filters) {
            String condition = filter.getCondition();
            var definition = metadata.getFilterDefinition(filter.getName());
            sql(
                    found,
                    where,
                    table,
                    condition != null || definition == null ? condition : definition.getDefaultFilterCondition());
        }
    }

    /**
     * Refuses SQL that names a column of the change. In SQL of another table that takes the name of this one as well; a
     * name with a qualifier in SQL of this very table usually is a column of a subquery's.
     */
    private void sql(Findings.Found found, String where, @Nullable Table table, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        boolean here = table(found).equals(table);
        boolean namesTable = mentions(text, found.declaration().table().name(), true);
        for (String column : columns(found)) {
            if ((here && mentions(text, column, false)) || (namesTable && mentions(text, column, true))) {
                refuse(
                        found,
                        where + ": " + text,
                        "This SQL names the column '" + column + "', and it would do so in every phase.",
                        "Say it in HQL, or without the column, or remove it until the change is over.");
                return;
            }
        }
    }

    private static boolean mentions(String text, String name, boolean qualified) {
        // {alias} stands for the table itself.
        String plain = text.replaceAll("[`\"]", "").replaceAll("\\{\\w+}\\s*\\.", "");
        String before = qualified ? "(?<![\\w$])" : "(?<![\\w$.])";
        return Pattern.compile(before + Pattern.quote(name) + "(?![\\w$])", Pattern.CASE_INSENSITIVE)
                .matcher(plain)
                .find();
    }

    private Stream<Part> parts() {
        return Stream.concat(
                metadata.getEntityBindings().stream().flatMap(Neighbours::ofEntity),
                metadata.getCollectionBindings().stream().flatMap(Neighbours::ofCollection));
    }

    private static Stream<Part> ofEntity(PersistentClass entity) {
        String name = entity.getEntityName();
        Stream<Part> keys = Stream.concat(
                Stream.of(
                                new Part(name + " (key)", entity.getKey()),
                                new Part(name + " (identifier)", entity.getIdentifier()))
                        .distinct(),
                entity.getDiscriminator() == null
                        ? Stream.of()
                        : Stream.of(new Part(name + " (discriminator)", entity.getDiscriminator())));
        Stream<Part> joins = entity.getJoins().stream().map(join -> new Part(name + " (key)", join.getKey()));
        Stream<Part> properties = entity.getProperties().stream()
                .map(property -> new Part(name + "." + property.getName(), property.getValue()));
        return Stream.of(keys, joins, properties).flatMap(parts -> parts).flatMap(Neighbours::flat);
    }

    private static Stream<Part> ofCollection(Collection collection) {
        String role = collection.getRole();
        return Stream.of(
                        collection.getKey(),
                        collection.getElement(),
                        collection instanceof IndexedCollection indexed ? indexed.getIndex() : null,
                        collection instanceof IdentifierCollection identified ? identified.getIdentifier() : null)
                .filter(Objects::nonNull)
                .map(value -> new Part(role, value))
                .flatMap(Neighbours::flat);
    }

    private static Stream<Part> flat(Part part) {
        if (!(part.value() instanceof Component component)) {
            return Stream.of(part);
        }
        return component.getProperties().stream()
                .map(property -> new Part(part.where() + "." + property.getName(), property.getValue()))
                .flatMap(Neighbours::flat);
    }
}

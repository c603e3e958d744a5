package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.JavaForm;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.List;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.relational.Database;
import org.hibernate.boot.spi.MetadataImplementor;
import org.hibernate.mapping.BasicValue;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.Table;
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
        try {
            Refusals.Refusal refusal = new Refusals(findings, database).of(mark, entity, property);
            if (refusal == null && mark.kind() == Kind.INTRODUCE) {
                refusal = new IntroducedSources(metadata, findings, entity)
                        .refusal(mark, where, type((BasicValue) property.getValue()));
            }
            if (refusal != null) {
                findings.refuse(where, refusal.value(), refusal.message(), refusal.remedy());
                return;
            }
            Declaration declaration = declaration(mark, where, property);
            findings.declare(new Findings.Found(declaration, entity, property));
            if (declaration.form() instanceof JavaForm && mark.kind() == Kind.REPLACE) {
                refuseWhereOnlyJavaConverts(where, mark, entity, property);
            } else if (mark.kind() == Kind.REPLACE && mark.conversion() != null) {
                refuseWhereMergeConverts(where, mark, entity, property);
            }
        } catch (UnfitConversionException e) {
            findings.refuse(where, mark.conversionName(), e.message(), e.remedy());
        }
    }

    private Declaration declaration(Mark mark, String where, Property property) {
        List<Column> columns = Parts.declared(property).stream()
                .map(part -> (Column) ((BasicValue) part.getValue()).getColumn())
                .toList();
        List<String> own = columns.stream().map(names::of).toList();
        TableName table = table(property.getValue().getTable());
        if (mark.kind() == Kind.RETIRE) {
            SqlForm fill = new SqlForm(List.of(), List.of(mark.fill()));
            return new Declaration(mark.change(), where, Kind.RETIRE, table, own, List.of(), fill);
        }
        if (mark.kind() == Kind.REPLACE && mark.conversion() == null) {
            return Declaration.rename(
                    mark.change(),
                    where,
                    table,
                    mark.columns().get(0),
                    own.get(0),
                    !columns.get(0).isNullable());
        }
        Said said = said(mark, where, property, own);
        return new Declaration(
                mark.change(),
                where,
                mark.kind(),
                table,
                mark.columns(),
                columns.stream()
                        .map(column -> new Declaration.NewColumn(
                                names.of(column), column.getSqlType(metadata), !column.isNullable()))
                        .toList(),
                said.form(),
                said.counterpart());
    }

    private TableName table(Table table) {
        Identifier schema =
                table.getSchemaIdentifier() == null ? table.getCatalogIdentifier() : table.getSchemaIdentifier();
        return new TableName(schema == null ? null : names.of(schema), names.of(table.getNameIdentifier()));
    }

    private Said said(Mark mark, String where, Property property, List<String> own) {
        if (mark.kind() == Kind.INTRODUCE) {
            return InitialValue.of(
                            mark,
                            where,
                            type((BasicValue) property.getValue()),
                            database.getTypeConfiguration(),
                            CatalogNames.database(database))
                    .said(database.getServiceRegistry());
        }
        return GroupConversion.isNeeded(mark, property)
                ? GroupConversion.of(
                                mark,
                                where,
                                property,
                                own,
                                database.getTypeConfiguration(),
                                CatalogNames.database(database))
                        .said(database.getServiceRegistry())
                : AttributeConversion.of(
                                mark,
                                where,
                                new AttributeConversion.Columns(mark.columns().get(0), own.get(0)),
                                type((BasicValue) property.getValue()),
                                database.getTypeConfiguration(),
                                CatalogNames.database(database))
                        .said(database.getServiceRegistry());
    }

    @SuppressWarnings("unchecked")
    private static BasicType<@Nullable Object> type(BasicValue value) {
        return (BasicType<@Nullable Object>) value.resolve().getLegacyResolvedBasicType();
    }

    /** Rows of a secondary table may be missing, so Hibernate writes them by MERGE, which reads what is being written. */
    private void refuseWhereMergeConverts(String where, Mark mark, PersistentClass entity, Property property) {
        Table table = property.getValue().getTable();
        if (CatalogNames.database(database) == dev.segue.database.Database.POSTGRESQL
                && entity.getJoinClosure().stream()
                        .anyMatch(join -> join.getTable().equals(table))) {
            findings.refuse(
                    where,
                    mark.conversionName(),
                    "The attribute is in a secondary table, which Hibernate writes by MERGE on PostgreSQL, without the"
                            + " conversion.",
                    "Only rename the column, or make the secondary table an entity of its own.");
        }
    }

    /** Statements that Hibernate makes without its translator of queries would use what the old column really holds. */
    private void refuseWhereOnlyJavaConverts(String where, Mark mark, PersistentClass entity, Property property) {
        String place = AttributePath.to(property, entity).size() > 1
                ? "in an embedded object"
                : Refusals.liesInSeveralTables(entity) ? "in an entity of several tables" : null;
        if (place != null) {
            findings.refuse(
                    where,
                    mark.conversionName(),
                    "The attribute is " + place + ", and there a conversion that exists only in Java is not followed.",
                    "Give the conversion an SQL form.");
        }
    }
}

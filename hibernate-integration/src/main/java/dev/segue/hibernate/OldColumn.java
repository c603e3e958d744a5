package dev.segue.hibernate;

import dev.segue.database.Database;
import dev.segue.lifecycle.Phase;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.Column;
import org.hibernate.type.BasicType;
import org.jspecify.annotations.Nullable;

/**
 * The old column of a conversion, read and written in the attribute's values.
 *
 * @param form the conversion in SQL, or null if it exists only in Java
 */
record OldColumn(
        Column column,
        BasicType<@Nullable Object> type,
        @Nullable MappedForm form) {

    /** @param newColumn the attribute's own column, as it is mapped without a change */
    static OldColumn of(
            MetadataBuildingContext context,
            AttributeConversion conversion,
            Column newColumn,
            String name,
            Phase phase) {
        Database database = CatalogNames.database(context.getMetadataCollector().getDatabase());
        // Taken literally, so it is quoted.
        Column column = new Column("`" + name + "`");
        column.setNullable(newColumn.isNullable());
        column.setSqlTypeCode(conversion.oldType().getJdbcType().getDdlTypeCode());
        if (conversion.sql().isPresent()) {
            MappedForm form = new MappedForm(
                    database,
                    conversion.sql().get(),
                    database.quote(name),
                    MappedForm.Target.of(context, conversion.newType(), newColumn));
            column.setCustomRead(form.read());
            column.setCustomWrite(form.write());
            return new OldColumn(column, conversion.newType(), form);
        }
        boolean collated =
                database == Database.MYSQL && conversion.oldType().getJdbcType().isStringLike();
        if (collated) {
            // The column's own collation may find texts equal that convert to different values.
            column.setCustomRead("convert(" + database.quote(name) + " using utf8mb4) collate utf8mb4_0900_bin");
        }
        boolean comparable = conversion.keepsNull()
                && !conversion.oldType().getJdbcType().isFloat()
                && !(collated && isCollated(conversion.newType(), newColumn));
        ConvertedType type = new ConvertedType(conversion, phase.id(), comparable);
        return new OldColumn(
                column,
                new AsAttribute(
                        type,
                        conversion.newType(),
                        context.getBootstrapContext().getTypeConfiguration()),
                null);
    }

    /** Whether the new column may find texts equal that are not, so that the old one cannot answer for it. */
    private static boolean isCollated(BasicType<?> type, Column column) {
        String collation = column.getCollation();
        return type.getJdbcType().isStringLike()
                && !type.getJavaTypeDescriptor().getJavaTypeClass().isEnum()
                && (collation == null || !collation.endsWith("_bin"));
    }
}

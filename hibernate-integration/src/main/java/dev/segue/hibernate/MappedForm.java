package dev.segue.hibernate;

import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.engine.jdbc.Size;
import org.hibernate.mapping.Column;
import org.hibernate.type.BasicType;
import org.hibernate.type.spi.TypeConfiguration;

/**
 * An SQL form as Hibernate's statements need it. A value is brought to the type of the new column first, as storing it
 * there would do, so that a read of the old column and one of the new column give the same.
 *
 * @param before the old column, quoted
 * @param newType the new column's type as CAST takes it
 */
record MappedForm(Database database, SqlForm form, String before, String newType, boolean text) {

    /** What Hibernate puts a qualifier in the place of. */
    private static final String TABLE = "{@}.";

    static MappedForm of(
            MetadataBuildingContext context,
            Database database,
            SqlForm form,
            String before,
            BasicType<?> type,
            Column column) {
        TypeConfiguration types = context.getBootstrapContext().getTypeConfiguration();
        Size size = column.getColumnSize(
                context.getMetadataCollector().getDatabase().getDialect(), context.getMetadataCollector());
        // Without the length: a cast to a shorter text cuts it, where storing it is an error.
        boolean text = type.getJdbcType().isStringLike();
        Size kept =
                text ? Size.nil() : Size.nil().setPrecision(size.getPrecision()).setScale(size.getScale());
        String name = types.getDdlTypeRegistry()
                .getDescriptor(type.getJdbcType().getDdlTypeCode())
                .getCastTypeName(kept, type, types.getDdlTypeRegistry());
        return new MappedForm(database, form, database.quote(before), name, text);
    }

    /**
     * The attribute's value, read from the old column.
     *
     * @param embedded whether the attribute is in an embedded object; else Hibernate qualifies the column's name itself
     */
    String read(boolean embedded) {
        return value(embedded ? TABLE + before : before);
    }

    private String value(String column) {
        String computed = SqlForm.fill(form.toNew().get(0), placeholder -> column);
        return text ? "(" + computed + ")" : "cast(" + computed + " as " + newType + ")";
    }

    /** The old column's value, with one question mark for the attribute's. */
    String write() {
        String expression = form.toOld().get(0);
        String given = database == Database.MYSQL && text ? "?" : "cast(? as " + newType + ")";
        String once = "\0";
        String filled = SqlForm.fill(expression, placeholder -> once);
        return filled.indexOf(once) == filled.lastIndexOf(once)
                ? "(" + filled.replace(once, given) + ")"
                : "(select " + filled.replace(once, "segue_v.n") + " from (select " + given + " as n) segue_v)";
    }

    /**
     * 1 if the sides differ, 0 if not, as text: JSON has no equality, and a collation may find 'a' and 'A' equal.
     *
     * @param after the new column, quoted
     * @param embedded whether the attribute is in an embedded object; else Hibernate qualifies that name itself
     */
    String differs(String after, boolean embedded) {
        String as = database == Database.MYSQL ? "binary" : "text";
        String expected = value(TABLE + before);
        return "case when cast(%1$s as %3$s) = cast(%2$s as %3$s) or (%1$s is null and %2$s is null) then 0 else 1 end"
                .formatted(expected, embedded ? TABLE + after : after, as);
    }
}

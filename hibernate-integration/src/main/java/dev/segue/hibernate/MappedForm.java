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
 */
record MappedForm(Database database, SqlForm form, String before, Target target) {

    /** What Hibernate puts a qualifier in the place of. */
    static final String TABLE = "{@}.";

    /**
     * The type of the new column.
     *
     * @param name as CAST takes it
     */
    record Target(String name, boolean text) {

        static Target of(MetadataBuildingContext context, BasicType<?> type, Column column) {
            TypeConfiguration types = context.getBootstrapContext().getTypeConfiguration();
            Size size = column.getColumnSize(
                    context.getMetadataCollector().getDatabase().getDialect(), context.getMetadataCollector());
            // Without the length: a cast to a shorter text cuts it, where storing it is an error.
            boolean text = type.getJdbcType().isStringLike();
            Size kept = text
                    ? Size.nil()
                    : Size.nil().setPrecision(size.getPrecision()).setScale(size.getScale());
            String name = types.getDdlTypeRegistry()
                    .getDescriptor(type.getJdbcType().getDdlTypeCode())
                    .getCastTypeName(kept, type, types.getDdlTypeRegistry());
            return new Target(name, text);
        }

        String converted(String expression) {
            return text ? "(" + expression + ")" : "cast(" + expression + " as " + name + ")";
        }
    }

    /**
     * What is read, said in another way for each number. The query cache knows a query by its text: two attributes that only
     * Java computes from one column must not be selected by the same.
     */
    static String saidAnew(String read, int number) {
        return "(".repeat(number) + read + ")".repeat(number);
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
        return target.converted(SqlForm.fill(form.toNew().get(0), placeholder -> column));
    }

    /** The old column's value, with one question mark for the attribute's. */
    String write() {
        String expression = form.toOld().get(0);
        String given = database == Database.MYSQL && target.text() ? "?" : "cast(? as " + target.name() + ")";
        String once = "\0";
        String filled = SqlForm.fill(expression, placeholder -> once);
        return filled.indexOf(once) == filled.lastIndexOf(once)
                ? "(" + filled.replace(once, given) + ")"
                : "(select " + filled.replace(once, "segue_v.n") + " from (select " + given + " as n) segue_v)";
    }

    /**
     * Compares both columns.
     *
     * @param after the new column, quoted; Hibernate qualifies that name itself
     */
    String differs(String after) {
        return differs(database, value(TABLE + before), after);
    }

    /** 1 if they differ, 0 if not, as text: JSON has no equality, and a collation may find 'a' and 'A' equal. */
    static String differs(Database database, String expected, String found) {
        String as = database == Database.MYSQL ? "binary" : "text";
        return "case when cast(%1$s as %3$s) = cast(%2$s as %3$s) or (%1$s is null and %2$s is null) then 0 else 1 end"
                .formatted(expected, found, as);
    }
}

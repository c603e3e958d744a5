package dev.segue.change;

import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an entity declares of a change, before anybody has looked at the database.
 *
 * @param change the id of the change
 * @param attribute the class and attribute that carry the annotation, as a message names them
 * @param kind what the change does to the attribute
 * @param table the table of the attribute
 * @param oldColumns the columns that are replaced or dropped; for a new attribute the columns that its value comes from
 * @param newColumns the columns of the attribute, as they come; none if it only goes
 * @param form how the values of one side become those of the other
 * @param counterpart the same in Java, if the form is one in SQL and there is one to hold it against
 */
public record Declaration(
        String change,
        String attribute,
        Kind kind,
        TableName table,
        List<String> oldColumns,
        List<NewColumn> newColumns,
        Form form,
        @Nullable Counterpart counterpart) {

    public Declaration {
        oldColumns = List.copyOf(oldColumns);
        newColumns = List.copyOf(newColumns);
    }

    /** With nothing to hold the form against. */
    public Declaration(
            String change,
            String attribute,
            Kind kind,
            TableName table,
            List<String> oldColumns,
            List<NewColumn> newColumns,
            Form form) {
        this(change, attribute, kind, table, oldColumns, newColumns, form, null);
    }

    /** One column that gets another name. */
    public static Declaration rename(
            String change, String attribute, TableName table, String before, String after, boolean mandatory) {
        return new Declaration(
                change,
                attribute,
                Kind.REPLACE,
                table,
                List.of(before),
                List.of(new NewColumn(after, null, mandatory)),
                SqlForm.SAME);
    }

    /**
     * A column that comes.
     *
     * @param type as a column definition names it, with length and precision; null for that of the old column
     * @param mandatory whether the mapping says that it is never null
     */
    public record NewColumn(String name, @Nullable String type, boolean mandatory) {}
}

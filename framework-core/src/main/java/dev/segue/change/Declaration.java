package dev.segue.change;

import dev.segue.database.TableName;
import java.util.List;

/**
 * What an entity declares of a change, before anybody has looked at the database.
 *
 * @param change the id of the change
 * @param attribute the class and attribute that carry the annotation, as a message names them
 * @param table the table of the attribute
 * @param oldColumns the columns that are replaced
 * @param newColumns the columns of the attribute
 * @param newMandatory whether the mapping says that the attribute is never null
 */
public record Declaration(
        String change,
        String attribute,
        TableName table,
        List<String> oldColumns,
        List<String> newColumns,
        boolean newMandatory) {

    public Declaration {
        oldColumns = List.copyOf(oldColumns);
        newColumns = List.copyOf(newColumns);
    }
}

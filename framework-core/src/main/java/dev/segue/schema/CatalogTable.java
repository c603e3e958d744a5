package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog knows of a table, as far as a change needs it.
 *
 * @param name with its schema
 * @param base whether it is a table, not a view
 * @param key the columns of the primary key, in order; empty if there is none
 * @param indexes all but those that belong to a constraint
 * @param attachments what else hangs on a column and would be missing on its successor
 * @param triggers those of others
 * @param missing what the table itself lacks to be changed, in words
 */
record CatalogTable(
        TableName name,
        boolean base,
        List<Col> columns,
        List<String> key,
        List<Index> indexes,
        List<Attachment> attachments,
        List<Trigger> triggers,
        List<String> missing) {

    /**
     * @param computed whether the database makes its values
     * @param initial its default as an expression, if it has one
     * @param constant whether that is the same for every row
     * @param definition all that stands after the name, but for NULL or NOT NULL
     * @param costly whether adding another one of this type would rewrite the table
     */
    record Col(
            Column column,
            boolean computed,
            @Nullable String initial,
            boolean constant,
            String definition,
            boolean costly) {

        String name() {
            return column.name();
        }
    }

    /**
     * @param valid whether its build has come to an end
     * @param plain whether its keys say all there is to say of it; if not, they mean nothing
     * @param keys in order
     * @param uses every column that it depends on
     */
    record Index(String name, boolean unique, boolean valid, boolean plain, List<Key> keys, List<String> uses) {

        /** Its keys with one column in place of another. */
        List<Key> keysWith(String oldColumn, String newColumn) {
            return keys.stream()
                    .map(key -> key.column().equals(oldColumn) ? new Key(newColumn, key.options()) : key)
                    .toList();
        }
    }

    /**
     * @param options what stands after the column: operator class, length of the prefix, direction
     */
    record Key(String column, String options) {

        String quoted(Database database) {
            return database.quote(column) + options;
        }
    }

    /** Something that hangs on a column: {@code foreign key customer_country_fkey}. */
    record Attachment(String column, String what) {}

    /** @param body the text of what it does */
    record Trigger(String name, String body) {

        boolean mentions(String word) {
            return CatalogTable.mentions(body, word);
        }
    }

    /** Whether a name stands in a text as a word of its own. */
    static boolean mentions(String text, String word) {
        return Pattern.compile("(?<![\\w$])" + Pattern.quote(word) + "(?![\\w$])", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }

    Optional<Col> column(String column) {
        return columns.stream().filter(col -> col.name().equals(column)).findFirst();
    }

    boolean has(String column) {
        return column(column).isPresent();
    }

    List<Index> indexesOn(String column) {
        return indexes.stream().filter(index -> index.uses().contains(column)).toList();
    }

    /** The index that is to a new column what this one is to the old column. */
    Optional<Index> twin(Index index, String oldColumn, String newColumn) {
        return indexes.stream()
                .filter(other -> other.plain()
                        && other.valid()
                        && other.unique() == index.unique()
                        && other.keys().equals(index.keysWith(oldColumn, newColumn)))
                .findFirst();
    }
}

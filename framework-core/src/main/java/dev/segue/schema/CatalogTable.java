package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the catalog knows of a table, as far as a change needs it.
 *
 * @param name with its schema
 * @param base whether it is a table, not a view
 * @param key the columns of the primary key, in order; empty if there is none
 * @param indexes all but those of the primary key and of exclusion constraints
 * @param attachments what else hangs on columns and would be missing on their successors
 * @param partitioned whether its partitions are tables of their own, so that an update takes a row from one to another by
 *     deleting and inserting it; never on MySQL
 * @param partitions those below it, each after the one that it is a part of
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
        boolean partitioned,
        List<Partition> partitions,
        List<Trigger> triggers,
        List<String> missing) {

    /**
     * @param computed whether the database makes its values
     * @param initial its default as an expression, if it has one
     * @param constant whether that is the same for every row
     * @param moving what stands after type and NULL and makes values: {@code  DEFAULT 'x' ON UPDATE ...}
     * @param rest what stands after that
     * @param costly whether adding another one of this type would rewrite the table
     * @param fixed why it can be neither replaced nor dropped, or null
     * @param extras what is said of it elsewhere
     */
    record Col(
            Column column,
            boolean computed,
            @Nullable String initial,
            boolean constant,
            String moving,
            String rest,
            boolean costly,
            @Nullable String fixed,
            Extras extras) {

        String name() {
            return column.name();
        }

        /** All that stands after the name, but for type and NULL or NOT NULL. */
        String definition() {
            return moving + rest;
        }
    }

    /**
     * What PostgreSQL says of a column outside of its definition.
     *
     * @param settings what {@code ALTER COLUMN} takes: {@code SET STATISTICS 500}
     * @param grants privileges on this column alone: {@code SELECT bob WITH GRANT OPTION}
     * @param sequences those that it owns, quoted
     */
    record Extras(
            List<String> settings,
            List<String> grants,
            @Nullable String comment,
            List<String> sequences) {

        static final Extras NONE = new Extras(List.of(), List.of(), null, List.of());
    }

    /**
     * @param valid whether its build has come to an end
     * @param plain whether its keys say all there is to say of it; if not, they mean nothing
     * @param keys in order
     * @param uses every column that it depends on
     * @param definition what stands after its name and that of the table
     * @param constraint null, or that it belongs to a unique constraint, and what is said of it: {@code  DEFERRABLE}
     * @param remark its comment, where that is no part of the definition
     * @param never why no other one can be built like it, or null
     */
    record Index(
            String name,
            boolean unique,
            boolean valid,
            boolean plain,
            List<Key> keys,
            List<String> uses,
            String definition,
            @Nullable String constraint,
            @Nullable String remark,
            @Nullable String never) {

        /** As people name it. */
        String what() {
            return (constraint == null ? "index " : "unique constraint ") + name;
        }

        /** Its keys with one column in place of another. */
        List<Key> keysWith(String oldColumn, String newColumn) {
            return keys.stream()
                    .map(key -> key.column().equals(oldColumn) ? new Key(newColumn, key.options()) : key)
                    .toList();
        }

        /**
         * Whether another one is to other columns what this one is to its own, but perhaps for its constraint: that comes
         * when the index is built.
         *
         * @param definition of the other one if this one is not plain
         */
        boolean isLike(Index other, List<Key> keys, @Nullable String definition) {
            return other.unique() == unique
                    && (definition == null
                            ? other.plain() && other.keys().equals(keys)
                            : other.definition().equals(definition));
        }

        boolean hasSameConstraint(Index other) {
            return Objects.equals(other.constraint(), constraint);
        }
    }

    /**
     * @param options what stands after the column: operator class, length of the prefix, direction
     */
    record Key(String column, String options) {

        String quoted(Database database) {
            return database.quote(column) + options;
        }

        static String quoted(Database database, List<Key> keys) {
            return keys.stream().map(key -> key.quoted(database)).collect(Collectors.joining(", ", "(", ")"));
        }
    }

    /**
     * @param of the table that it is a part of
     * @param leaf whether it holds rows, and is not itself only a table of partitions
     */
    record Partition(TableName table, TableName of, boolean leaf) {}

    /**
     * Something that hangs on columns.
     *
     * @param what it is, as people name it: {@code foreign key customer_country_fkey}
     * @param uses every column of this table that it is about
     * @param definition what stands after its name
     * @param remark its comment
     * @param never why there can be no other one like it, or null
     * @param owner the table that it belongs to if it refers to this one, or null
     */
    record Attachment(
            Kind kind,
            String name,
            String what,
            List<String> uses,
            String definition,
            @Nullable String remark,
            @Nullable String never,
            @Nullable TableName owner) {

        /** What it is. */
        enum Kind {
            CHECK,
            FOREIGN_KEY,
            /** A foreign key of another table, or of this one, that refers to the columns. */
            REFERENCE,
            EXCLUSION,
            STATISTICS,
            /** How the values of a column are spread, as MySQL has it. */
            HISTOGRAM,
            /** Helps or permits to read, and holds nothing. */
            AID;

            /** Whether it may refuse rows or keep others from going. */
            boolean isConstraint() {
                return this != STATISTICS && this != HISTOGRAM && this != AID;
            }
        }

        boolean isOn(String column) {
            return uses.contains(column);
        }

        /** The table that it is a part of. */
        TableName ownerOr(TableName table) {
            return owner == null ? table : owner;
        }

        /** Whether what the table has already has been looked at, or is to be. */
        boolean isValidated() {
            return !definition.endsWith(NOT_VALID) && !definition.contains(NOT_ENFORCED);
        }

        static final String NOT_VALID = " NOT VALID";

        static final String NOT_ENFORCED = "NOT ENFORCED";
    }

    /** @param body the text of what it does */
    /** @param ofUpdates whether any UPDATE of rows fires it, whatever columns it sets */
    record Trigger(String name, String body, boolean ofUpdates) {

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

    List<Attachment> attachmentsOn(String column) {
        return attachments.stream()
                .filter(attachment -> attachment.isOn(column))
                .toList();
    }
}

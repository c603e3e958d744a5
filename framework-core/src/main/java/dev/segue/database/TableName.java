package dev.segue.database;

import org.jspecify.annotations.Nullable;

/**
 * A table, in the case in which the catalog has it.
 *
 * @param schema the schema (in MySQL the database), or null for the connection's own
 */
public record TableName(@Nullable String schema, String name) {

    /** A table of the connection's own schema. */
    public static TableName of(String name) {
        return new TableName(null, name);
    }

    /** The name as it stands in a statement, each part quoted. */
    public String quoted(Database database) {
        return schema == null ? database.quote(name) : database.quote(schema) + "." + database.quote(name);
    }

    /** The name as people write it. */
    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }
}

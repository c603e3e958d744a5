package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table with something odd about one of its columns.
 *
 * @param name of the case
 * @param schema of the table, or null for the usual one
 * @param column that is replaced
 * @param after what it is replaced by
 * @param retyped the type that it goes to in the second round, or null if there is no such round
 * @param lost what cannot be carried over by a rename and is listed: the beginning of each key
 * @param sql what makes it; {@code {t}} and {@code {c}} are table and column
 */
record Case(
        String name,
        @Nullable String schema,
        String table,
        String column,
        String after,
        @Nullable String retyped,
        List<String> lost,
        List<String> sql) {

    /** A table of that name whose column {@code name} becomes {@code full_name}. */
    static Case of(String name, String... sql) {
        return new Case(name, null, name, "name", "full_name", null, List.of(), List.of(sql));
    }

    Case named(String table, String column, String after) {
        return new Case(name, schema, table, column, after, retyped, lost, sql);
    }

    Case retyped(String type) {
        return new Case(name, schema, table, column, after, type, lost, sql);
    }

    Case losing(String... what) {
        return new Case(name, schema, table, column, after, retyped, List.of(what), sql);
    }

    Case in(String schema) {
        return new Case(name, schema, table, column, after, retyped, lost, sql);
    }

    TableName tableName() {
        return new TableName(schema, table);
    }

    /** The statements that make the table, on that database. */
    String[] statements(Database database) {
        return sql.stream()
                .map(each -> each.replace("{t}", tableName().quoted(database)).replace("{c}", database.quote(column)))
                .toArray(String[]::new);
    }
}

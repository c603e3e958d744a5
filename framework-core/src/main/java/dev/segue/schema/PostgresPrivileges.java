package dev.segue.schema;

import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rights on PostgreSQL. Who waits for whom is seen in {@code pg_locks}, which every role may read. A table is altered by
 * its owner alone; a trigger's function needs CREATE in the schema.
 */
final class PostgresPrivileges {

    private static final Database DB = Database.POSTGRESQL;

    private final Query owner;
    private final Query application;
    private final String ownerRole;
    private final String applicationRole;
    private final List<Privileges.Touched> tables;
    private final List<Problem> problems = new ArrayList<>();

    PostgresPrivileges(Connection owner, Connection application, List<Privileges.Touched> tables) throws SQLException {
        this.owner = new Query(owner);
        this.application = new Query(application);
        this.tables = tables;
        this.ownerRole = role(this.owner);
        this.applicationRole = role(this.application);
    }

    private static String role(Query query) throws SQLException {
        return query.strings("SELECT current_user").get(0);
    }

    List<Problem> problems(boolean external) throws SQLException {
        String schema = owner.strings("SELECT COALESCE(current_schema(), '')").get(0);
        String other =
                application.strings("SELECT COALESCE(current_schema(), '')").get(0);
        if (schema.isEmpty() || !schema.equals(other)) {
            problems.add(new Problem(
                    Privileges.OWNER,
                    ownerRole,
                    "Its own schema is '" + schema + "', and that of " + applicationRole + " is '" + other
                            + "'; Segue's tables must be in one that both find.",
                    "ALTER ROLE " + DB.quote(ownerRole) + " SET search_path = "
                            + DB.quote(other.isEmpty() ? "public" : other)
                            + "; or GRANT USAGE ON SCHEMA to the one that lacks it."));
            return problems;
        }
        List<String> own = owner.strings("""
                SELECT c.relname FROM pg_class c WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
                AND starts_with(c.relname, 'segue_') AND NOT starts_with(c.relname, 'segue_schema_history')
                ORDER BY 1""".formatted(DB.literal(DB.quote(schema))));
        if (!external) {
            changesTheSchema(schema, own);
        }
        worksOnRows();
        if (external) {
            for (String table : own) {
                usesTable(schema, table, List.of("SELECT", "INSERT", "UPDATE", "DELETE"));
            }
            if (!own.isEmpty()) {
                usesTable(schema, "segue_schema_history", List.of("SELECT"));
            }
        }
        return problems;
    }

    private void changesTheSchema(String schema, List<String> own) throws SQLException {
        String grantCreate = "GRANT CREATE ON SCHEMA %s TO " + DB.quote(ownerRole) + ";";
        lacks(
                "has_schema_privilege(" + DB.literal(schema) + ", 'CREATE')",
                "It may not make Segue's tables in schema " + schema + ".",
                grantCreate.formatted(DB.quote(schema)));
        lacks(
                "has_language_privilege('plpgsql', 'USAGE')",
                "It may not make functions in plpgsql, which the guard's triggers are.",
                "GRANT USAGE ON LANGUAGE plpgsql TO " + DB.quote(ownerRole) + ";");
        lacks(
                "has_database_privilege(current_database(), 'TEMPORARY')",
                "It may not make temporary tables, in which types and expressions are tried out.",
                "GRANT TEMPORARY ON DATABASE "
                        + DB.quote(owner.strings("SELECT current_database()").get(0)) + " TO " + DB.quote(ownerRole)
                        + ";");
        for (Privileges.Touched table : tables) {
            owned(table.name());
            String of = String.valueOf(table.name().schema());
            if (!of.equals(schema)) {
                lacks(
                        "has_schema_privilege(" + DB.literal(of) + ", 'CREATE')",
                        "It may not make functions in schema " + of + ", as the guard's triggers need.",
                        grantCreate.formatted(DB.quote(of)));
            }
        }
        for (String table : own) {
            owned(new TableName(schema, table));
        }
    }

    private void owned(TableName table) throws SQLException {
        List<String> others = owner.strings(
                "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = %s::regclass AND NOT pg_has_role(relowner, 'USAGE')"
                        .formatted(DB.literal(table.quoted(DB))));
        others.forEach(other -> problems.add(new Problem(
                Privileges.OWNER,
                ownerRole,
                "It may not change table " + table + ": it does not own it, and is no member of " + other
                        + ", who does.",
                "GRANT " + DB.quote(other) + " TO " + DB.quote(ownerRole) + ";")));
    }

    private void lacks(String privilege, String message, String grant) throws SQLException {
        if (!owner.isTrue("SELECT " + privilege)) {
            problems.add(new Problem(Privileges.OWNER, ownerRole, message, grant));
        }
    }

    private void worksOnRows() throws SQLException {
        for (Privileges.Touched table : tables) {
            may("SELECT", table.name(), table.read());
            may("UPDATE", table.name(), table.written());
        }
    }

    /** Of a table of Segue's that somebody else has made. */
    private void usesTable(String schema, String table, List<String> wanted) throws SQLException {
        String name = new TableName(schema, table).quoted(DB);
        List<String> lacking = new ArrayList<>();
        for (String privilege : wanted) {
            if (!application.isTrue("SELECT COALESCE(has_table_privilege(to_regclass(%s), '%s'), true)"
                    .formatted(DB.literal(name), privilege))) {
                lacking.add(privilege);
            }
        }
        if (!lacking.isEmpty()) {
            String list = String.join(", ", lacking);
            problems.add(new Problem(
                    Privileges.APPLICATION,
                    applicationRole,
                    "It may not " + list + " in Segue's table " + table + ".",
                    "GRANT " + list + " ON " + name + " TO " + DB.quote(applicationRole) + ";"));
        }
    }

    private void may(String privilege, TableName table, Iterable<String> columns) throws SQLException {
        List<String> lacking = new ArrayList<>();
        for (String column : columns) {
            if (!application.isTrue("SELECT has_column_privilege(%s, %s, '%s')"
                    .formatted(DB.literal(table.quoted(DB)), DB.literal(column), privilege))) {
                lacking.add(column);
            }
        }
        if (!lacking.isEmpty()) {
            problems.add(new Problem(
                    Privileges.APPLICATION,
                    applicationRole,
                    "It may not " + privilege + " " + String.join(", ", lacking) + " of table " + table
                            + ", as the work on the rows has to.",
                    "GRANT " + privilege + " ON " + table.quoted(DB) + " TO " + DB.quote(applicationRole) + ";"));
        }
    }
}

package dev.segue.schema;

import dev.segue.change.Problem;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Rights on MySQL, roles that are active included. */
final class MysqlPrivileges {

    private static final Database DB = Database.MYSQL;

    /** On a table of a change: to alter it and to index it; and for the guard, whose triggers run by this user's rights. */
    private static final List<String> ON_TABLE = List.of("ALTER", "INDEX", "TRIGGER", "SELECT", "UPDATE");

    /** On the database, for Segue's own tables and Flyway's. */
    private static final List<String> ON_DATABASE = List.of(
            "CREATE",
            "ALTER",
            "INDEX",
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "LOCK TABLES",
            "CREATE TEMPORARY TABLES");

    private static final List<String> ROWS = List.of("SELECT", "INSERT", "UPDATE", "DELETE");

    private final Query owner;
    private final MysqlGrants ownerGrants;
    private final MysqlGrants applicationGrants;
    private final String own;
    private final List<Privileges.Touched> tables;
    private final List<Problem> problems = new ArrayList<>();

    MysqlPrivileges(Connection owner, Connection application, List<Privileges.Touched> tables) throws SQLException {
        this.owner = new Query(owner);
        this.ownerGrants = MysqlGrants.of(owner);
        this.applicationGrants = MysqlGrants.of(application);
        this.own = this.owner.strings("SELECT DATABASE()").get(0);
        this.tables = tables;
    }

    List<Problem> problems(boolean external) throws SQLException {
        if (external) {
            // A look at the transactions of others replaces locks that nobody may take here.
            seesTransactions();
            for (Privileges.Touched table : tables) {
                // Who has it not is not shown any trigger, and could not tell whether the guard stands.
                lacking(ownerGrants, Privileges.APPLICATION, List.of("TRIGGER"), table.name());
            }
        } else {
            changesTheSchema();
        }
        for (Privileges.Touched table : tables) {
            lacking(applicationGrants, Privileges.APPLICATION, List.of("SELECT", "UPDATE"), table.name());
        }
        lacking(applicationGrants, Privileges.APPLICATION, ROWS, new TableName(own, "segue_change"));
        return problems;
    }

    private void changesTheSchema() throws SQLException {
        lacking(ownerGrants, Privileges.OWNER, ON_DATABASE, new TableName(own, ""));
        for (Privileges.Touched table : tables) {
            boolean inOwn = own.equals(table.name().schema());
            lacking(
                    ownerGrants,
                    Privileges.OWNER,
                    ON_TABLE.stream()
                            .filter(right -> !inOwn || !ON_DATABASE.contains(right))
                            .toList(),
                    table.name());
        }
        seesTransactions();
        boolean refused = owner.isTrue("SELECT @@log_bin = 1 AND @@log_bin_trust_function_creators = 0");
        if (refused && !ownerGrants.gives("SUPER", null, null)) {
            problems.add(new Problem(
                    Privileges.OWNER,
                    ownerGrants.user(),
                    "It may not make triggers, as the server writes a binary log.",
                    "SET PERSIST log_bin_trust_function_creators = 1;"));
        }
    }

    private void seesTransactions() throws SQLException {
        if (!owner.isTrue("SELECT @@performance_schema = 1")) {
            // Then the barrier takes the tables for a moment instead.
            return;
        }
        for (String table : List.of(
                "metadata_locks", "threads", "setup_instruments", "setup_consumers", "events_transactions_current")) {
            lacking(ownerGrants, Privileges.OWNER, List.of("SELECT"), new TableName("performance_schema", table));
        }
    }

    /** @param table with an empty name for the whole database */
    private void lacking(MysqlGrants grants, String where, List<String> wanted, TableName table) {
        String schema = String.valueOf(table.schema());
        Set<String> lacking = new LinkedHashSet<>();
        for (String privilege : wanted) {
            if (!grants.gives(privilege, schema, table.name())) {
                lacking.add(privilege);
            }
        }
        if (!lacking.isEmpty()) {
            // Of a table that is not there yet nothing can be granted.
            boolean whole = table.name().isEmpty() || table.name().startsWith("segue_");
            String list = String.join(", ", lacking);
            problems.add(new Problem(
                    where,
                    grants.user(),
                    "It lacks " + list + (whole ? " in database " + schema : " on table " + table) + ".",
                    "GRANT " + list + " ON " + (whole ? DB.quote(schema) + ".*" : table.quoted(DB)) + " TO "
                            + grants.user() + ";"));
        }
    }
}

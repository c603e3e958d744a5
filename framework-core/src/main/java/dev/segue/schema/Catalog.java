package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds in the database what the entities declare. Reads only. */
public final class Catalog {

    private final Connection connection;
    private final Database database;
    private final Dialect.Tables tables;

    /** @param connection of the user that will change the schema, because it also looks at what that user may do */
    public Catalog(Connection connection, Database database) {
        this.connection = connection;
        this.database = database;
        this.tables = Dialect.of(database).tables();
    }

    /**
     * Makes a change of its declarations, one for each table. The type of both columns is that of the old one, or that
     * of the new one when the old one has been dropped. The old column counts as mandatory also when only the new one is
     * so: then it has been relaxed.
     *
     * @param problems takes everything that is in the way, with its remedy
     * @return the change, or nothing if there was a problem
     */
    public Optional<ColumnChange> resolve(String id, List<Declaration> declarations, List<Problem> problems)
            throws SQLException {
        List<Site> sites = new ArrayList<>();
        int before = problems.size();
        for (Declaration declaration : declarations) {
            Optional<CatalogTable> table = tables.read(connection, declaration.table());
            if (table.isEmpty()) {
                problems.add(problem(
                        declaration,
                        declaration.table().toString(),
                        "There is no such table in the schema.",
                        "Correct the entity's table or schema; names count with their case."));
                continue;
            }
            checkTable(declaration, table.get(), problems);
            Site site = rename(declaration, table.get(), problems);
            if (site != null) {
                sites.add(site);
            }
        }
        return problems.size() == before
                ? Optional.of(new ColumnChange(id, declarations.get(0).kind(), sites))
                : Optional.empty();
    }

    private static void checkTable(Declaration declaration, CatalogTable table, List<Problem> problems) {
        String name = declaration.table().toString();
        if (!table.base()) {
            problems.add(problem(
                    declaration,
                    name,
                    "This is a view, and a view's columns cannot be changed.",
                    "Map the entity to its table."));
            return;
        }
        if (table.key().isEmpty()) {
            problems.add(problem(
                    declaration,
                    name,
                    "The table has no primary key, so its rows cannot be gone through in order.",
                    "Give it a primary key."));
        }
        for (String missing : table.missing()) {
            problems.add(problem(
                    declaration,
                    name,
                    "The table cannot be changed: " + missing + ".",
                    "Grant it, or let segue.direct-url log in as somebody who may."));
        }
    }

    private @Nullable Site rename(Declaration declaration, CatalogTable table, List<Problem> problems) {
        if (declaration.oldColumns().size() != 1 || declaration.newColumns().size() != 1) {
            problems.add(problem(
                    declaration,
                    declaration.oldColumns() + " to " + declaration.newColumns(),
                    "Only one column that becomes one column is supported.",
                    "Declare one change for each column."));
            return null;
        }
        String before = named(table, declaration.oldColumns().get(0));
        String after = named(table, declaration.newColumns().get(0).name());
        String value = declaration.table() + "." + before;
        if (before.equals(after)) {
            problems.add(problem(
                    declaration,
                    value,
                    "The column is the old and the new column at once.",
                    "Name the column that is replaced."));
            return null;
        }
        Optional<CatalogTable.Col> oldColumn = table.column(before);
        Optional<CatalogTable.Col> newColumn = table.column(after);
        if (oldColumn.isEmpty() && newColumn.isEmpty()) {
            problems.add(problem(
                    declaration,
                    value,
                    "There is no such column, and neither is there " + after + ".",
                    "Correct the name of the column that is replaced; the new one is made by Segue."));
            return null;
        }
        if (table.key().contains(before)) {
            problems.add(problem(
                    declaration,
                    value,
                    "The column is part of the primary key.",
                    "Columns of the key cannot be replaced."));
        }
        for (CatalogTable.Col column :
                List.of(oldColumn, newColumn).stream().flatMap(Optional::stream).toList()) {
            if (column.computed()) {
                problems.add(problem(
                        declaration,
                        declaration.table() + "." + column.name(),
                        "The column is computed by the database.",
                        "Only columns that are written can be replaced."));
            }
        }
        Column there = oldColumn.or(() -> newColumn).orElseThrow().column();
        newColumn
                .filter(column -> !column.column().type().equals(there.type()))
                .ifPresent(column -> problems.add(problem(
                        declaration,
                        declaration.table() + "." + after,
                        "The column is there already, with type "
                                + column.column().type() + ", and " + before + " has type " + there.type() + ".",
                        "Drop it if it is a leftover, or give it the same type.")));
        if (!table.base() || table.key().isEmpty()) {
            return null;
        }
        boolean wasMandatory = there.mandatory()
                || newColumn.map(column -> column.column().mandatory()).orElse(false);
        return new Site(
                declaration.table(),
                table.key().stream()
                        .flatMap(key -> table.column(key).stream())
                        .map(CatalogTable.Col::column)
                        .toList(),
                List.of(new Column(before, there.type(), wasMandatory)),
                List.of(new Column(
                        after, there.type(), declaration.newColumns().get(0).mandatory() || wasMandatory)),
                declaration.form());
    }

    /** MySQL finds a column whatever the case of its name; the catalog's is the one to use. */
    private String named(CatalogTable table, String declared) {
        return database == Database.POSTGRESQL
                ? declared
                : table.columns().stream()
                        .map(CatalogTable.Col::name)
                        .filter(declared::equalsIgnoreCase)
                        .findFirst()
                        .orElse(declared);
    }

    private static Problem problem(Declaration declaration, String value, String message, String remedy) {
        return new Problem(declaration.attribute(), value, message, remedy);
    }
}

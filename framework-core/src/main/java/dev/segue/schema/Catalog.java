package dev.segue.schema;

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

/**
 * Finds in the database what the entities declare. Reads only, but for a temporary table in which it tries out types and
 * expressions.
 */
public final class Catalog {

    private final Connection connection;
    private final Database database;
    private final Dialect.Tables tables;

    /** @param connection of the user that will change the schema */
    public Catalog(Connection connection, Database database) {
        this.connection = connection;
        this.database = database;
        this.tables = Dialect.of(database).tables();
    }

    /**
     * Makes a change of its declarations, one for each table. The types are those of the catalog, also where the
     * declaration names them otherwise. Of a column that takes the place of one other, the type is that of the old one if
     * none is declared, and the old one counts as mandatory also when only the new one is so: then it has been relaxed. A
     * column that has been dropped has no type that means anything.
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
            new Declared(connection, database, declaration, table.get(), problems)
                    .site()
                    .ifPresent(sites::add);
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
                    declaration, name, "The table cannot be changed: " + missing + ".", "Make it an InnoDB table."));
        }
    }

    private static Problem problem(Declaration declaration, String value, String message, String remedy) {
        return new Problem(declaration.attribute(), value, message, remedy);
    }
}

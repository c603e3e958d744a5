package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares what is declared with what is there. It reads only. */
public final class Catalog {

    private final Connection connection;
    private final SchemaDialect dialect;

    public Catalog(Connection connection, Database database) {
        this.connection = connection;
        this.dialect = SchemaDialect.of(database);
    }

    /**
     * Makes a change of its declarations, one for each table.
     *
     * @param problems takes everything that is in the way, with its remedy
     * @return the change, or nothing if there was a problem
     */
    public Optional<ColumnChange> resolve(String id, List<Declaration> declarations, List<Problem> problems)
            throws SQLException {
        List<Site> sites = new ArrayList<>();
        int before = problems.size();
        for (Declaration declaration : declarations) {
            Optional<CatalogTable> table = dialect.read(connection, declaration.table());
            if (table.isEmpty()) {
                problems.add(new Problem(
                        declaration.attribute(),
                        declaration.table().toString(),
                        "There is no such table (a view is none).",
                        "Create it, by Flyway for instance, before the application starts."));
            } else {
                site(declaration, table.get(), problems).ifPresent(sites::add);
            }
        }
        return problems.size() == before ? Optional.of(new ColumnChange(id, sites)) : Optional.empty();
    }

    private static Optional<Site> site(Declaration declaration, CatalogTable table, List<Problem> problems) {
        String where = declaration.attribute();
        String oldName = declaration.oldColumns().get(0);
        String newName = declaration.newColumns().get(0);
        Optional<Column> old = table.column(oldName);
        Optional<Column> fresh = table.column(newName);
        List<Problem> found = new ArrayList<>();
        if (oldName.equals(newName)) {
            found.add(new Problem(
                    where,
                    oldName,
                    "The column would be replaced by itself.",
                    "Name the column that goes in @Replaces."));
        } else if (old.isEmpty() && fresh.isEmpty()) {
            found.add(new Problem(
                    where,
                    declaration.table() + "." + oldName,
                    "There is no such column.",
                    "Name the column that is there in @Replaces(column = ...); the table has " + names(table) + "."));
        }
        if (table.key().isEmpty()) {
            found.add(new Problem(
                    where,
                    declaration.table().toString(),
                    "The table has no primary key, so its rows cannot be gone through one by one.",
                    "Give the table a primary key."));
        }
        if (old.isPresent()
                && fresh.isPresent()
                && !old.get().type().equals(fresh.get().type())) {
            found.add(new Problem(
                    where,
                    declaration.table() + "." + newName,
                    "The column is there already, with the type " + fresh.get().type() + " instead of "
                            + old.get().type() + ".",
                    "Drop it or give it the type of " + oldName + "."));
        }
        for (String generated : table.generated()) {
            if (generated.equals(oldName) || generated.equals(newName)) {
                found.add(new Problem(
                        where,
                        declaration.table() + "." + generated,
                        "The database computes this column itself.",
                        "Only a plain column can be replaced."));
            }
        }
        table.entangled().stream()
                .filter(thing -> (thing.column().equals(oldName) && old.isPresent())
                        || thing.column().equals(newName))
                .map(thing -> new Problem(
                        where,
                        declaration.table() + "." + thing.column(),
                        "On this column hangs something that is not carried over: " + thing.what() + ".",
                        "Drop it for the time of the change, or leave the column as it is."))
                .forEach(found::add);
        problems.addAll(found);
        return found.isEmpty() ? Optional.of(site(declaration, table, old, fresh)) : Optional.empty();
    }

    private static Site site(
            Declaration declaration, CatalogTable table, Optional<Column> old, Optional<Column> fresh) {
        Column known = old.or(() -> fresh).orElseThrow();
        boolean mandatory = declaration.newMandatory()
                || old.map(Column::mandatory).orElse(false)
                || (old.isEmpty() && known.mandatory());
        return new Site(
                declaration.table(),
                table.key().stream()
                        .map(name -> table.column(name).orElseThrow())
                        .toList(),
                List.of(new Column(declaration.oldColumns().get(0), known.type(), known.mandatory())),
                List.of(new Column(declaration.newColumns().get(0), known.type(), mandatory)),
                SqlForm.SAME);
    }

    private static String names(CatalogTable table) {
        return String.join(", ", table.columns().stream().map(Column::name).toList());
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One declaration against the table that it is about:
 *
 * <ol>
 *   <li>Are there as many columns as a change of that kind has, and do those exist that should?
 *   <li>How does the database call the types of the columns that come? See {@link DeclaredTypes}.
 *   <li>Does it take the expressions? See {@link DeclaredForm}.
 * </ol>
 */
final class Declared {

    /** The type of a column that has been dropped, where nothing else tells it. */
    static final String DROPPED = "(dropped)";

    private final Connection connection;
    private final Database database;
    private final Declaration declaration;
    private final CatalogTable table;
    private final List<Problem> problems;
    private final List<String> before;
    private final List<String> after;
    private Set<String> relaxed = Set.of();

    /** @param problems takes what is wrong */
    Declared(
            Connection connection,
            Database database,
            Declaration declaration,
            CatalogTable table,
            List<Problem> problems) {
        this.connection = connection;
        this.database = database;
        this.declaration = declaration;
        this.table = table;
        this.problems = problems;
        this.before = declaration.oldColumns().stream().map(this::named).toList();
        this.after = declaration.newColumns().stream()
                .map(column -> named(column.name()))
                .toList();
    }

    /** MySQL finds a column whatever the case of its name; the catalog's is the one to use. */
    private String named(String declared) {
        return database == Database.POSTGRESQL
                ? declared
                : table.columns().stream()
                        .map(CatalogTable.Col::name)
                        .filter(declared::equalsIgnoreCase)
                        .findFirst()
                        .orElse(declared);
    }

    /** The site, or nothing if there was a problem. */
    Optional<Site> site() throws SQLException {
        int known = problems.size();
        if (!countsFit() || !namesDiffer()) {
            return Optional.empty();
        }
        whatIsMissing();
        whatCannotChange();
        if (problems.size() > known || !table.base() || table.key().isEmpty()) {
            return Optional.empty();
        }
        relaxed =
                declaration.kind() == Kind.INTRODUCE ? Set.of() : new Notes(connection, database).relaxed(declaration);
        List<Column> old = oldColumns();
        List<Column> current = newColumns(old);
        if (problems.size() > known) {
            return Optional.empty();
        }
        Site site = new Site(declaration.table(), key(), old, current, declaration.form());
        new DeclaredForm(connection, database, declaration, site, table, this::problem).check();
        return problems.size() > known ? Optional.empty() : Optional.of(site);
    }

    private boolean countsFit() {
        String fits = switch (declaration.kind()) {
            case REPLACE -> before.isEmpty() || after.isEmpty() ? "columns before and columns after" : "";
            case INTRODUCE -> after.isEmpty() ? "a column that comes" : "";
            case RETIRE -> before.isEmpty() || !after.isEmpty() ? "columns that go, and none that come" : "";
        };
        if (!fits.isEmpty()) {
            problem(
                    before + " to " + after,
                    "A change that is to " + declaration.kind().id() + " has " + fits + ".",
                    "Name the columns of the attribute.");
        }
        return fits.isEmpty();
    }

    private boolean namesDiffer() {
        Set<String> seen = new LinkedHashSet<>();
        boolean differ = true;
        for (String name : Stream.concat(before.stream(), after.stream()).toList()) {
            if (!seen.add(name)) {
                boolean both = before.contains(name) && after.contains(name);
                problem(
                        column(name),
                        both ? "The column is the old and the new column at once." : "The column is named twice.",
                        both ? "Name the column that is replaced." : "Name each column once.");
                differ = false;
            }
        }
        return differ;
    }

    private void whatIsMissing() throws SQLException {
        List<String> missing = before.stream().filter(name -> !table.has(name)).toList();
        boolean allGone = missing.size() == before.size();
        boolean dropped = switch (declaration.kind()) {
            case REPLACE -> allGone && after.stream().allMatch(table::has);
            case INTRODUCE -> false;
            case RETIRE -> allGone && !missing.isEmpty() && new Notes(connection, database).contract(declaration);
        };
        if (dropped) {
            return;
        }
        for (String name : missing) {
            switch (declaration.kind()) {
                case REPLACE ->
                    problem(
                            column(name),
                            "There is no such column, and neither is there "
                                    + after.stream()
                                            .filter(column -> !table.has(column))
                                            .findFirst()
                                            .orElse("a change that has dropped it alone")
                                    + ".",
                            "Correct the name of the column that is replaced; the new one is made by Segue.");
                case INTRODUCE ->
                    problem(
                            column(name),
                            "There is no such column to compute the new one from.",
                            "Correct the name; a source is a column that stays.");
                case RETIRE ->
                    problem(
                            column(name),
                            "There is no such column.",
                            "Correct the name, or remove the annotation if the column has been dropped.");
            }
        }
    }

    private void whatCannotChange() {
        boolean sourcesStay = declaration.kind() == Kind.INTRODUCE;
        for (String name : sourcesStay
                ? after
                : Stream.concat(before.stream(), after.stream()).toList()) {
            if (table.key().contains(name)) {
                problem(
                        column(name),
                        "The column is part of the primary key.",
                        "Columns of the key cannot be replaced.");
            }
        }
        Stream.concat(sourcesStay ? Stream.empty() : before.stream(), after.stream())
                .filter(name -> database == Database.MYSQL
                        && name.codePointCount(0, name.length()) > MysqlStages.LONGEST_DROPPABLE)
                .forEach(name -> problem(
                        column(name),
                        "MySQL drops no column with so long a name unless it builds the table anew.",
                        "Take a name of at most " + MysqlStages.LONGEST_DROPPABLE
                                + " characters; RENAME COLUMN gives one at once."));
        if (!sourcesStay) {
            for (String name : before) {
                table.column(name)
                        .map(CatalogTable.Col::fixed)
                        .ifPresent(why -> problem(
                                column(name),
                                "The column cannot go: " + why + ".",
                                "Change the table first, or leave the column as it is."));
            }
        }
        for (String name : Stream.concat(before.stream(), after.stream()).toList()) {
            if (table.column(name).map(CatalogTable.Col::computed).orElse(false)) {
                problem(
                        column(name),
                        "The column is computed by the database.",
                        sourcesStay && before.contains(name)
                                ? "Compute the new column from columns that are written."
                                : "Only columns that are written can be replaced.");
            }
        }
    }

    private List<Column> key() {
        return table.key().stream()
                .flatMap(key -> table.column(key).stream())
                .map(CatalogTable.Col::column)
                .toList();
    }

    private boolean isOneToOne() {
        return declaration.kind() == Kind.REPLACE && before.size() == 1 && after.size() == 1;
    }

    /** Whether the catalog says of a column that it is NOT NULL. */
    private boolean isMandatory(String name) {
        return table.column(name).map(column -> column.column().mandatory()).orElse(false);
    }

    /**
     * Whether it is mandatory, or was before it was relaxed, as the registry has noted. Where one took the place of one
     * and that is gone, the new one tells.
     */
    private boolean wasMandatory(String name) {
        return isMandatory(name)
                || relaxed.contains(name)
                || (isOneToOne() && !table.has(name) && isMandatory(after.get(0)));
    }

    private List<Column> oldColumns() {
        return before.stream()
                .map(name -> new Column(
                        name,
                        table.column(name).map(column -> column.column().type()).orElseGet(this::typeOfDropped),
                        wasMandatory(name)))
                .toList();
    }

    private String typeOfDropped() {
        return isOneToOne() && declaration.newColumns().get(0).type() == null
                ? table.column(after.get(0)).orElseThrow().column().type()
                : DROPPED;
    }

    private List<Column> newColumns(List<Column> old) throws SQLException {
        DeclaredTypes types = new DeclaredTypes(
                connection, database, table, isOneToOne() ? Optional.of(old.get(0)) : Optional.empty(), this::problem);
        List<Column> columns = new ArrayList<>();
        for (Declaration.NewColumn declared : declaration.newColumns()) {
            String name = named(declared.name());
            boolean mandatory = declared.mandatory() || (isOneToOne() && wasMandatory(before.get(0)));
            types.of(name, declared.type(), column(name))
                    .map(type -> new Column(name, type, mandatory))
                    .ifPresent(columns::add);
        }
        return columns;
    }

    private String column(String name) {
        return declaration.table() + "." + name;
    }

    private void problem(String value, String message, String remedy) {
        problems.add(new Problem(declaration.attribute(), value, message, remedy));
    }

    /** Takes a problem of this declaration. */
    @FunctionalInterface
    interface Finder {
        void found(String value, String message, String remedy);
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Counterpart;
import dev.segue.change.Declaration;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a conversion in SQL says what it has to: one expression for each column, over the columns of the other side,
 * that the database takes where a trigger will run it.
 */
final class DeclaredForm {

    private final Connection connection;
    private final Database database;
    private final Declaration declaration;
    private final Site site;
    private final CatalogTable table;
    private final Declared.Finder problems;

    DeclaredForm(
            Connection connection,
            Database database,
            Declaration declaration,
            Site site,
            CatalogTable table,
            Declared.Finder problems) {
        this.connection = connection;
        this.database = database;
        this.declaration = declaration;
        this.site = site;
        this.table = table;
        this.problems = problems;
    }

    void check() throws SQLException {
        if (!(site.form() instanceof SqlForm form)) {
            if (declaration.kind() == Kind.RETIRE) {
                found(
                        "the form",
                        "What is filled into a column that goes is said in SQL, because the database does it.",
                        "Use SqlForm with NULL or a constant for each column.");
            }
            return;
        }
        boolean fits = fits("toNew", form.toNew(), site.newColumns(), site.oldColumns());
        // Nothing is written back into the columns that a new one comes from.
        if (declaration.kind() != Kind.INTRODUCE) {
            fits &= fits("toOld", form.toOld(), site.oldColumns(), site.newColumns());
        }
        boolean whole =
                site.oldColumns().stream().noneMatch(column -> column.type().equals(Declared.DROPPED));
        if (fits && whole && !isPlain(form) && !hasDefault(form)) {
            tryOut(form);
        }
    }

    /** Whether there is nothing to try out; the form has as many expressions as there are columns. */
    private boolean isPlain(SqlForm form) {
        return declaration.counterpart() == null && isTheColumnItself(form);
    }

    private boolean fits(String which, List<String> expressions, List<Column> targets, List<Column> sources) {
        if (expressions.size() != targets.size()) {
            found(
                    expressions.toString(),
                    "%s has %d expressions for %d columns (%s)."
                            .formatted(which, expressions.size(), targets.size(), LeftBehind.names(targets)),
                    "Give one expression for each of these columns, in this order.");
            return false;
        }
        List<String> names = sources.stream().map(Column::name).toList();
        List<String> strangers = Site.strangers(expressions, names);
        if (!strangers.isEmpty()) {
            found(
                    expressions.toString(),
                    which + " names " + String.join(", ", strangers)
                            + ", which is none of the columns that it may use.",
                    names.isEmpty()
                            ? "Give a constant: there are no columns that it may use."
                            : "Use "
                                    + names.stream()
                                            .map(name -> "{" + name + "}")
                                            .collect(Collectors.joining(", "))
                                    + (names.size() == 1 ? ", or {old} and {new}." : "."));
        }
        return strangers.isEmpty();
    }

    private boolean isTheColumnItself(SqlForm form) {
        boolean same = form.equals(SqlForm.SAME)
                && site.oldColumns()
                        .get(0)
                        .type()
                        .equals(site.newColumns().get(0).type());
        return same
                || (declaration.kind() == Kind.RETIRE && form.toOld().stream().allMatch(Place::isNull));
    }

    /** What is filled in becomes the default of a column that goes, so it must not have one of its own. */
    private boolean hasDefault(SqlForm form) throws SQLException {
        if (declaration.kind() != Kind.RETIRE || new Notes(connection, database).relax(declaration)) {
            return false;
        }
        boolean has = false;
        for (int i = 0; i < site.oldColumns().size(); i++) {
            String name = site.oldColumns().get(i).name();
            String fill = form.toOld().get(i);
            if (!Place.isNull(fill) && table.column(name).orElseThrow().initial() != null) {
                has = true;
                found(
                        fill,
                        "Column " + name + " has a default already, which is what rows hold that leave it out.",
                        "Declare no value to fill in, or drop the default.");
            }
        }
        return has;
    }

    private void tryOut(SqlForm form) throws SQLException {
        try (Trial trial = new Trial(connection, database, table)) {
            Optional<String> error = trial.attempt(() -> trial.table(columns()));
            if (error.isPresent()) {
                found(
                        "a temporary table",
                        "The conversion could not be tried out: " + error.get(),
                        "Let the user of segue.direct-url make temporary tables.");
                return;
            }
            trial.asInATrigger();
            if (declaration.kind() == Kind.RETIRE) {
                fills(trial, form);
                return;
            }
            int said = tries(trial, form.toNew(), site.newColumns(), site.toNew(database, "t."));
            if (declaration.kind() == Kind.REPLACE) {
                said += tries(trial, form.toOld(), site.oldColumns(), site.toOld(database, "t."));
            }
            if (said == 0) {
                compares(trial, form);
                nulls(trial, form);
                agrees(trial, form);
            }
        }
    }

    private void agrees(Trial trial, SqlForm form) throws SQLException {
        Counterpart counterpart = declaration.counterpart();
        if (counterpart == null) {
            return;
        }
        boolean back = declaration.kind() == Kind.REPLACE;
        List<String> disagreements = new Agreement(connection, database, trial, site, back).with(counterpart);
        if (!disagreements.isEmpty()) {
            found(
                    form.toNew() + (back ? ", " + form.toOld() : ""),
                    "In SQL the conversion says something else than in Java: " + String.join("; ", disagreements) + ".",
                    "Let both say the same. Where the conversion is not meant to take a value, let its Java method throw.");
        }
    }

    private List<String> columns() {
        List<String> columns = new ArrayList<>(List.of(Agreement.NUMBER + " int"));
        Stream.concat(site.oldColumns().stream(), site.newColumns().stream())
                .forEach(column ->
                        columns.add(database.quote(column.name()) + " " + column.type() + (nullable() ? " NULL" : "")));
        return columns;
    }

    private boolean nullable() {
        // A timestamp of MySQL may be NOT NULL unless it is said otherwise.
        return database == Database.MYSQL;
    }

    /** As assignments, because more may be assigned to a column than compared with it. Nothing is written by it. */
    private int tries(Trial trial, List<String> templates, List<Column> targets, List<String> expressions)
            throws SQLException {
        int wrong = 0;
        for (int i = 0; i < targets.size(); i++) {
            String name = targets.get(i).name();
            Optional<String> error = trial.attempt(
                    "UPDATE " + Trial.TABLE + " AS t SET " + database.quote(name) + " = " + expressions.get(i));
            if (error.isPresent()) {
                wrong++;
                found(
                        templates.get(i),
                        "The database does not take this for column " + name + ": " + error.get(),
                        remedy());
            }
        }
        return wrong;
    }

    private String remedy() {
        return database == Database.POSTGRESQL
                ? "Correct the expression; functions and types of your own need their schema before them."
                : "Correct the expression.";
    }

    private void compares(Trial trial, SqlForm form) throws SQLException {
        Optional<String> error =
                trial.attempt("SELECT 1 FROM " + Trial.TABLE + " AS t WHERE " + site.disagrees(database, "t."));
        error.ifPresent(why -> found(
                form.toNew().toString(),
                "Its result cannot be compared with " + LeftBehind.names(site.newColumns()) + ": " + why,
                "Cast the expression to the type of the column."));
    }

    /** If neither side keeps NULL, a row that has NULL on both may be anybody's. */
    private void nulls(Trial trial, SqlForm form) throws SQLException {
        boolean possible =
                declaration.kind() == Kind.REPLACE && site.newColumns().stream().noneMatch(Column::mandatory);
        if (!possible) {
            return;
        }
        List<Boolean> toNew = new ArrayList<>();
        // What raises an error for NULL does so for each row that has it, and is not for here.
        Optional<String> raised = trial.attempt(() -> {
            new Query(connection).run("INSERT INTO " + Trial.TABLE + " (" + firstColumn() + ") VALUES (NULL)");
            toNew.add(trial.isTrue(isNull(site.toNew(database, "t."))));
            toNew.add(trial.isTrue(isNull(site.toOld(database, "t."))));
        });
        if (raised.isEmpty() && !toNew.contains(true)) {
            found(
                    form.toNew() + ", " + form.toOld(),
                    "NULL becomes a value in both directions, so a row that holds NULL on both sides belongs to neither.",
                    "Let NULL become NULL in one direction, or make one of " + LeftBehind.names(site.newColumns())
                            + " mandatory.");
        }
    }

    private String firstColumn() {
        return database.quote(site.oldColumns().get(0).name());
    }

    private static String isNull(List<String> expressions) {
        return expressions.stream().map(e -> "(" + e + ") IS NULL").collect(Collectors.joining(" AND "));
    }

    private void fills(Trial trial, SqlForm form) throws SQLException {
        for (int i = 0; i < site.oldColumns().size(); i++) {
            String fill = form.toOld().get(i);
            if (Place.isNull(fill)) {
                continue;
            }
            Column column = site.oldColumns().get(i);
            Optional<String> error = trial.attempt(() -> {
                trial.table(List.of(database.quote(column.name()) + " " + column.type() + " DEFAULT (" + fill + ")"));
                new Query(connection)
                        .run("INSERT INTO " + Trial.TABLE
                                + (database == Database.POSTGRESQL ? " DEFAULT VALUES" : " () VALUES ()"));
            });
            error.ifPresent(why -> found(
                    fill,
                    "The database does not take this as a default of column " + column.name() + ": " + why,
                    "Fill in NULL or a constant of type " + column.type() + "."));
        }
    }

    private void found(String value, String message, String remedy) {
        problems.found(declaration.change() + ": " + value, message, remedy);
    }
}

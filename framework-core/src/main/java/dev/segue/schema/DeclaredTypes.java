package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The types of the columns that come, as the catalog will name them. A declaration says {@code varchar(200)}, and
 * PostgreSQL's catalog {@code character varying(200)}; so the database is asked.
 */
final class DeclaredTypes {

    private final Connection connection;
    private final Database database;
    private final CatalogTable table;
    private final Optional<Column> replaced;
    private final Declared.Finder problems;

    /** @param replaced the one column whose place the one new column takes */
    DeclaredTypes(
            Connection connection,
            Database database,
            CatalogTable table,
            Optional<Column> replaced,
            Declared.Finder problems) {
        this.connection = connection;
        this.database = database;
        this.table = table;
        this.replaced = replaced;
        this.problems = problems;
    }

    /**
     * The type of a column that comes, or that is there already and has the right one; nothing if there was a problem.
     *
     * @param declared null for that of the old column
     * @param value the column, as a problem names it
     */
    Optional<String> of(String name, @Nullable String declared, String value) throws SQLException {
        Optional<String> there =
                table.column(name).map(column -> column.column().type());
        Optional<String> wanted = wanted(declared, value, there);
        if (wanted.isPresent() && there.isPresent() && !there.equals(wanted)) {
            problems.found(
                    value,
                    "The column is there already, with type " + there.get() + ", and "
                            + replaced.filter(column -> declared == null)
                                    .map(column -> column.name() + " has type ")
                                    .orElse("the declared type is ")
                            + wanted.get() + ".",
                    "Drop it if it is a leftover, or give it the same type.");
            return Optional.empty();
        }
        return wanted;
    }

    private Optional<String> wanted(@Nullable String declared, String value, Optional<String> there)
            throws SQLException {
        if (declared == null) {
            if (replaced.isEmpty()) {
                problems.found(
                        value,
                        "Its type is not declared, and there is no one old column that tells it.",
                        "Declare it: @Column(columnDefinition = ...).");
            }
            return replaced.map(Column::type);
        }
        if (there.filter(declared.strip()::equalsIgnoreCase).isPresent()) {
            return there;
        }
        return asTheCatalogSays(declared, value);
    }

    private Optional<String> asTheCatalogSays(String declared, String value) throws SQLException {
        try (Trial trial = new Trial(connection, database, table)) {
            List<CatalogTable.Col> found = new ArrayList<>();
            // A text keeps the collation of the column whose place it takes; what is no text does not take it.
            Optional<String> collation = replaced.flatMap(DeclaredTypes::collation);
            Optional<String> error = Optional.of("");
            if (collation.isPresent() && DeclaredTypes.collation(declared).isEmpty()) {
                error = trial.attempt(() -> found.addAll(trial.table(List.of("c " + declared + collation.get()))));
            }
            if (error.isPresent()) {
                error = trial.attempt(() -> found.addAll(trial.table(List.of("c " + declared))));
            }
            if (error.isPresent()) {
                problems.found(
                        value,
                        "The database does not take the type '" + declared + "': " + error.get(),
                        "Correct the type, or let the user of segue.direct-url make temporary tables.");
                return Optional.empty();
            }
            return usable(found, declared, value);
        }
    }

    private Optional<String> usable(List<CatalogTable.Col> found, String declared, String value) {
        CatalogTable.Col column = found.get(0);
        if (found.size() > 1
                || column.computed()
                || column.initial() != null
                || column.column().mandatory()) {
            problems.found(
                    value,
                    "'" + declared + "' says more than a type.",
                    "Give the type alone: the column begins as nullable and without a default.");
            return Optional.empty();
        }
        if (column.costly()) {
            problems.found(
                    value,
                    "The type " + declared
                            + " has a constraint or a default of its own, so adding a column of it writes every row under an exclusive lock.",
                    "Give the domain's checks to the table, and the column the domain's base type.");
            return Optional.empty();
        }
        return Optional.of(column.column().type());
    }

    private static Optional<String> collation(Column column) {
        return collation(column.type());
    }

    private static Optional<String> collation(String type) {
        for (String word : List.of(" CHARACTER SET ", " COLLATE ")) {
            int at = type.toUpperCase(java.util.Locale.ROOT).indexOf(word);
            if (at >= 0) {
                return Optional.of(type.substring(at));
            }
        }
        return Optional.empty();
    }
}

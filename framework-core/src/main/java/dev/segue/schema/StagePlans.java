package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Problem;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import javax.sql.DataSource;

/** Makes the statements of each stage from the change and the catalog as it is now. Changes nothing. */
public final class StagePlans {

    private final DataSource direct;
    private final Database database;
    private final Dialect dialect;

    /** @param direct connections that go to the database itself, not through the application's pool or a proxy */
    public StagePlans(DataSource direct, Database database) {
        this.direct = direct;
        this.database = database;
        this.dialect = Dialect.of(database);
    }

    /**
     * The statements of a stage, and what holds it.
     *
     * @param guarded whether the change has a guard
     * @throws IllegalStateException if a table of the change is gone
     */
    public StagePlan plan(ColumnChange change, Stage stage, boolean guarded) throws SQLException {
        List<Step> apply = new ArrayList<>();
        List<Step> revert = new ArrayList<>();
        List<Problem> holds = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            for (Site site : change.sites()) {
                Place place = place(connection, change, site);
                add(connection, place, stage, guarded, apply, revert);
                holds.addAll(holds(connection, place, stage));
            }
        }
        return new StagePlan(stage, apply, revert, holds);
    }

    /** All stages as one script for a reviewer, as they would run now. */
    public String script(ColumnChange change, boolean guarded) throws SQLException {
        StringBuilder script =
                new StringBuilder("-- change " + change.id().replaceAll("\\R", " ") + " on " + database + "\n");
        for (Stage stage : Stage.values()) {
            script.append('\n').append(plan(change, stage, guarded));
        }
        return script.toString();
    }

    /**
     * The statements that install one direction of the guard.
     *
     * @param mode in place of any other one
     */
    List<Step> guard(ColumnChange change, Side filled, GuardMode mode) throws SQLException {
        return steps(change, (place, registry) -> dialect.guards().install(place, filled, mode, registry));
    }

    /** The statements that remove one direction of the guard. */
    List<Step> unguard(ColumnChange change, Side filled) throws SQLException {
        return steps(change, (place, registry) -> dialect.guards().remove(place, filled));
    }

    private List<Step> steps(ColumnChange change, BiFunction<Place, String, List<Step>> ofSite) throws SQLException {
        List<Step> steps = new ArrayList<>();
        try (Connection connection = direct.getConnection()) {
            String registry = dialect.guards().registry(connection);
            for (Site site : change.sites()) {
                steps.addAll(ofSite.apply(place(connection, change, site), registry));
            }
        }
        return steps;
    }

    /** With what a guard begins: a conversion that exists only in Java cannot be filled in by the database. */
    static GuardMode firstMode(Site site) {
        return site.isSql() ? GuardMode.FILLS : GuardMode.RECORDS;
    }

    private Place place(Connection connection, ColumnChange change, Site site) throws SQLException {
        return new Place(
                change,
                site,
                dialect.tables()
                        .read(connection, site.table())
                        .orElseThrow(() -> new IllegalStateException(
                                "Table " + site.table() + " of change '" + change.id() + "' is gone.")));
    }

    private void add(
            Connection connection, Place place, Stage stage, boolean guarded, List<Step> apply, List<Step> revert)
            throws SQLException {
        Dialect.Stages stages = dialect.stages();
        // Only a guard in SQL form gives an omitted column its value.
        boolean filled = guarded && place.site().isSql();
        boolean whole = place.table().has(place.oldColumn().name());
        switch (stage) {
            case EXPAND -> {
                apply.addAll(stages.expand(place));
                if (whole) {
                    // Else the new column is all there is.
                    revert.addAll(stages.abandon(place));
                }
            }
            case GUARD -> {
                if (guarded && whole) {
                    apply.addAll(dialect.guards()
                            .install(
                                    place,
                                    Side.NEW,
                                    firstMode(place.site()),
                                    dialect.guards().registry(connection)));
                }
                for (Side side : Side.values()) {
                    revert.addAll(dialect.guards().remove(place, side));
                }
            }
            case ENFORCE -> {
                apply.addAll(stages.enforce(place));
                revert.addAll(stages.loosen(place));
            }
            case RELAX -> {
                if (whole) {
                    apply.addAll(stages.relax(place, filled));
                    revert.addAll(stages.tighten(place, filled));
                }
            }
            case CONTRACT -> apply.addAll(stages.contract(place));
        }
    }

    private List<Problem> holds(Connection connection, Place place, Stage stage) throws SQLException {
        List<Problem> holds = new ArrayList<>();
        CatalogTable table = place.table();
        String before = place.oldColumn().name();
        if (!table.has(before)) {
            return holds;
        }
        switch (stage) {
            case EXPAND, GUARD -> {
                othersTriggers(place, holds);
                table.column(before).ifPresent(column -> {
                    if (stage == Stage.GUARD && column.initial() != null && !column.constant()) {
                        holds.add(problem(
                                place,
                                "its default " + column.initial()
                                        + " is another one for each row, so an omitted value cannot be told from a given one.",
                                "Drop the default and let the writers give the value."));
                    }
                    if (stage == Stage.EXPAND
                            && column.costly()
                            && !table.has(place.newColumn().name())) {
                        holds.add(problem(
                                place,
                                "its type " + column.column().type()
                                        + " has a constraint or a default of its own, so adding a column of it writes every row under an exclusive lock.",
                                "Give the domain's checks to the table, and the column the domain's base type."));
                    }
                });
            }
            case ENFORCE -> notCarriedOver(place, holds);
            case RELAX -> {}
            case CONTRACT -> {
                notCarriedOver(place, holds);
                for (CatalogTable.Index index : table.indexesOn(before)) {
                    if (index.plain()
                            && table.twin(index, before, place.newColumn().name())
                                    .isEmpty()) {
                        holds.add(problem(
                                place,
                                "index " + index.name() + " has no counterpart on the new column.",
                                "Create one, or drop the index."));
                    }
                }
                for (String dependent : dialect.tables().dependents(connection, table, before)) {
                    holds.add(problem(place, dependent + " depends on it.", "Let it use the new column, or drop it."));
                }
            }
        }
        return holds;
    }

    /** A trigger that writes one side by itself, after the guard or in spite of it, would part the two. */
    private static void othersTriggers(Place place, List<Problem> holds) {
        for (CatalogTable.Trigger trigger : place.table().triggers()) {
            List.of(place.oldColumn(), place.newColumn()).stream()
                    .map(Column::name)
                    .filter(trigger::mentions)
                    .findFirst()
                    .ifPresent(column -> holds.add(problem(
                            place,
                            "trigger " + trigger.name() + " names column " + column + ".",
                            "Make sure that it does not change one of the two columns alone, or drop it for the time of"
                                    + " the change.")));
        }
    }

    private static void notCarriedOver(Place place, List<Problem> holds) {
        CatalogTable table = place.table();
        String before = place.oldColumn().name();
        String remedy = "Create its counterpart on the new column, then drop it.";
        for (CatalogTable.Index index : table.indexesOn(before)) {
            if (!index.plain()) {
                holds.add(problem(
                        place,
                        "index " + index.name() + " is more than a list of columns and is not carried over.",
                        remedy));
            }
        }
        for (CatalogTable.Attachment attachment : table.attachments()) {
            if (attachment.column().equals(before)) {
                holds.add(problem(place, attachment.what() + " is not carried over.", remedy));
            }
        }
    }

    private static Problem problem(Place place, String message, String remedy) {
        return new Problem(
                place.change().id(),
                place.site().table() + "." + place.oldColumn().name(),
                message,
                remedy);
    }
}

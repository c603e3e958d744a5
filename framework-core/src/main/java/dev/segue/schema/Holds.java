package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a stage may not be applied to a table as it is: each reason by itself, with what to do. */
final class Holds {

    private final Connection connection;
    private final Dialect.Tables tables;
    private final Place place;
    private final CatalogTable table;
    private final List<Problem> found = new ArrayList<>();

    Holds(Connection connection, Dialect.Tables tables, Place place) {
        this.connection = connection;
        this.tables = tables;
        this.place = place;
        this.table = place.table();
    }

    List<Problem> of(Stage stage, boolean guarded) throws SQLException {
        if (place.isContracted()) {
            return List.of();
        }
        switch (stage) {
            case EXPAND -> {
                othersTriggers();
                costlyTypes();
                introduced(guarded);
            }
            case GUARD -> {
                othersTriggers();
                unknownDefaults();
                introduced(guarded);
            }
            case ENFORCE -> notCarriedOver();
            case RELAX -> {
                introduced(guarded);
                retired();
            }
            case CONTRACT -> {
                notCarriedOver();
                withoutCounterpart();
                dependents();
            }
        }
        return found;
    }

    /** A trigger that writes one side by itself, after the guard or in spite of it, would part the two. */
    private void othersTriggers() {
        for (CatalogTable.Trigger trigger : table.triggers()) {
            Stream.concat(place.site().oldColumns().stream(), place.site().newColumns().stream())
                    .filter(column -> trigger.mentions(column.name()))
                    .findFirst()
                    .ifPresent(column -> hold(
                            column,
                            "trigger " + trigger.name() + " names column " + column.name() + ".",
                            "Make sure that it does not change one side of the change alone, or drop it for the time of"
                                    + " the change."));
        }
    }

    private void costlyTypes() {
        if (!place.isOneToOne() || table.has(place.site().newColumns().get(0).name())) {
            return;
        }
        Column before = place.site().oldColumns().get(0);
        if (!before.type().equals(place.site().newColumns().get(0).type())) {
            // A type that was declared has been tried out when it was resolved.
            return;
        }
        table.column(before.name())
                .filter(CatalogTable.Col::costly)
                .ifPresent(column -> hold(
                        before,
                        "its type " + before.type()
                                + " has a constraint or a default of its own, so adding a column of it writes every row under an exclusive lock.",
                        "Give the domain's checks to the table, and the column the domain's base type."));
    }

    private void unknownDefaults() {
        for (Column going : place.going()) {
            table.column(going.name())
                    .filter(column -> column.initial() != null && !column.constant())
                    .ifPresent(column -> hold(
                            going,
                            "its default " + column.initial()
                                    + " is another one for each row, so an omitted value cannot be told from a given one.",
                            "Drop the default and let the writers give the value."));
        }
    }

    /** From RELAX on the guard must know, of every INSERT, whether it gives the new column. */
    private void introduced(boolean guarded) {
        if (place.kind() != Kind.INTRODUCE || !guarded) {
            return;
        }
        Column first = place.site().newColumns().get(0);
        String vouch = "or, if nobody else writes the table, set segue.changes."
                + place.change().id() + ".guard to none.";
        if (place.mandatory().isEmpty() && !isNullAnyway()) {
            hold(
                    first,
                    "it may be NULL, and once it can be set freely, an INSERT that leaves it out cannot be told from one that gives it NULL.",
                    "Make it mandatory, with a value that stands for none, " + vouch);
        }
        if (!place.site().isSql() && !place.site().oldColumns().isEmpty()) {
            hold(
                    first,
                    "its value is computed from "
                            + LeftBehind.names(place.site().oldColumns())
                            + " only in Java, so the database can neither compute it for those who do not know it nor tell them from others.",
                    "Give the conversion an SQL form, " + vouch);
        }
        for (Column column : place.site().newColumns()) {
            if (place.hasDefault(column)) {
                hold(
                        column,
                        "it has a default, so an omitted value cannot be told from a given one.",
                        "Drop the default until the change is over, " + vouch);
            }
        }
    }

    private boolean isNullAnyway() {
        return place.site().form() instanceof SqlForm form
                && form.toNew().stream().allMatch(Place::isNull);
    }

    /** What would refuse a row that does not give the column a value. */
    private void retired() throws SQLException {
        if (place.kind() != Kind.RETIRE) {
            return;
        }
        String remedy = "Nobody cares for the column's value any more: drop it.";
        for (Column column : place.going()) {
            Optional<String> fill = Optional.ofNullable(place.fills().get(column));
            String held = fill.orElse("NULL");
            for (CatalogTable.Attachment attachment : table.attachments()) {
                boolean minds = fill.isPresent()
                        || attachment.what().startsWith("check")
                        || attachment.what().startsWith("exclusion");
                if (minds && attachment.column().equals(column.name())) {
                    hold(column, attachment.what() + " may refuse rows that hold " + held + " in it.", remedy);
                }
            }
            for (CatalogTable.Index index : table.indexesOn(column.name())) {
                if (index.unique() && (fill.isPresent() || !index.plain())) {
                    hold(
                            column,
                            "unique index " + index.name() + " may refuse a second row that holds " + held + " in it.",
                            remedy);
                }
            }
            Optional<CatalogTable.Col> now = table.column(column.name()).filter(col -> col.initial() != null);
            if (fill.isPresent() && now.isPresent() && !tables.sameValue(connection, now.get(), fill.get())) {
                hold(
                        column,
                        "it has the default " + now.get().initial() + " already, which is what rows would hold.",
                        "Drop that default, or declare no value to fill in.");
            }
        }
    }

    private void notCarriedOver() {
        for (Column column : place.going()) {
            for (CatalogTable.Index index : table.indexesOn(column.name())) {
                if (place.kind() == Kind.RETIRE) {
                    servesOthers(column, index);
                } else if (!place.isCarried(index)) {
                    hold(column, "index " + index.name() + " is not carried over: " + whyNot(index), counterpart());
                }
            }
            for (CatalogTable.Attachment attachment : table.attachments()) {
                if (attachment.column().equals(column.name())) {
                    hold(
                            column,
                            attachment.what()
                                    + (place.kind() == Kind.RETIRE ? " is still on it." : " is not carried over."),
                            place.kind() == Kind.RETIRE ? "Drop it." : counterpart());
                }
            }
        }
    }

    /** An index goes with its last column, but what it does for others is missed. */
    private void servesOthers(Column column, CatalogTable.Index index) {
        List<String> others = index.uses().stream()
                .filter(use ->
                        place.going().stream().noneMatch(going -> going.name().equals(use)))
                .toList();
        if (!others.isEmpty() || !index.plain()) {
            hold(
                    column,
                    "index " + index.name() + " would go with it"
                            + (others.isEmpty() ? "." : ", and it serves " + String.join(", ", others) + " too."),
                    "Create one without the column if it is needed, then drop it.");
        }
    }

    private String whyNot(CatalogTable.Index index) {
        if (!place.isOneToOne()) {
            return LeftBehind.names(place.site().oldColumns()) + " become "
                    + LeftBehind.names(place.site().newColumns()) + ", and it is not clear where it belongs.";
        }
        return index.plain()
                ? "its options are made for type "
                        + place.site().oldColumns().get(0).type() + "."
                : "it is more than a list of columns.";
    }

    private String counterpart() {
        return "Create what takes its place on " + LeftBehind.names(place.site().newColumns()) + ", then drop it.";
    }

    private void withoutCounterpart() {
        if (!place.isOneToOne()) {
            return;
        }
        Column before = place.site().oldColumns().get(0);
        for (CatalogTable.Index index : table.indexesOn(before.name())) {
            if (place.isCarried(index)
                    && table.twin(
                                    index,
                                    before.name(),
                                    place.site().newColumns().get(0).name())
                            .isEmpty()) {
                hold(
                        before,
                        "index " + index.name() + " has no counterpart on the new column.",
                        "Create one, or drop the index.");
            }
        }
    }

    private void dependents() throws SQLException {
        for (Column column : place.going()) {
            for (String dependent : tables.dependents(connection, table, column.name())) {
                hold(
                        column,
                        dependent + " depends on it.",
                        place.kind() == Kind.RETIRE
                                ? "Let it do without the column, or drop it."
                                : "Let it use the new column, or drop it.");
            }
        }
    }

    private void hold(Column column, String message, String remedy) {
        found.add(new Problem(place.change().id(), place.site().table() + "." + column.name(), message, remedy));
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Problem;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Stage;
import dev.segue.schema.CatalogTable.Attachment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a stage may not be applied to a table as it is: each reason by itself, with what to do. */
final class Holds {

    private final Connection connection;
    private final Dialect.Tables tables;
    private final Place place;
    private final CatalogTable table;
    private final Map<String, Hold.Waiver> waived;
    private final List<Hold> found = new ArrayList<>();

    /** @param waived what an operator has waived, by the key of the hold */
    Holds(Connection connection, Dialect.Tables tables, Place place, Map<String, Hold.Waiver> waived) {
        this.connection = connection;
        this.tables = tables;
        this.place = place;
        this.table = place.table();
        this.waived = waived;
    }

    List<Hold> of(Stage stage, boolean guarded) throws SQLException {
        if (place.isContracted()) {
            return List.of();
        }
        switch (stage) {
            case EXPAND -> {
                othersTriggers();
                clumsyIndexes();
                silentWrites(guarded);
                costlyTypes();
                introduced(guarded);
            }
            case GUARD -> {
                othersTriggers();
                unknownDefaults();
                introduced(guarded);
            }
            case ENFORCE -> notCarriedOver(false);
            case RELAX -> {
                introduced(guarded);
                retired();
                if (place.kind() == Kind.RETIRE) {
                    clumsyIndexes();
                }
                if (!guarded || !place.site().isSql()) {
                    readersOfWhatFallsBehind();
                }
            }
            case CONTRACT -> {
                notCarriedOver(true);
                withoutCounterpart();
                dependents();
            }
        }
        return found;
    }

    /**
     * A trigger that writes one side by itself, after the guard or in spite of it, would part the two. Any other one
     * takes the backfill for a change that somebody has made: it sets the time of the last one, or keeps a copy of
     * every row.
     */
    private void othersTriggers() {
        for (CatalogTable.Trigger trigger : table.triggers()) {
            Optional<Column> named = Stream.concat(
                            place.site().oldColumns().stream(), place.site().newColumns().stream())
                    .filter(column -> trigger.mentions(column.name()))
                    .findFirst();
            if (named.isPresent()) {
                hold(
                        named.get(),
                        "trigger " + trigger.name() + " names column "
                                + named.get().name() + ".",
                        "Make sure that it does not change one side of the change alone, or drop it for the time of"
                                + " the change.");
            } else if (trigger.ofUpdates() && !place.site().newColumns().isEmpty()) {
                lose(
                        first(),
                        "trigger " + trigger.name(),
                        "fires for every row that the backfill writes.",
                        "Let it leave such rows alone, or drop it until they are written");
            }
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
            for (Attachment part : table.attachmentsOn(column.name())) {
                boolean minds = part.kind() == Attachment.Kind.CHECK || part.kind() == Attachment.Kind.EXCLUSION;
                if (minds || (fill.isPresent() && part.kind().isConstraint())) {
                    hold(column, part.what() + " may refuse rows that hold " + held + " in it.", remedy);
                }
            }
            for (CatalogTable.Index index : table.indexesOn(column.name())) {
                if (index.unique() && (fill.isPresent() || !index.plain())) {
                    hold(
                            column,
                            (index.constraint() == null ? "unique " : "") + index.what()
                                    + " may refuse a second row that holds " + held + " in it.",
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

    /** MySQL can neither add nor drop a column of such a table while others write it. */
    private void clumsyIndexes() {
        table.indexes().stream()
                .filter(index -> index.definition().startsWith(MysqlDefinitions.FULLTEXT)
                        || index.definition().startsWith(MysqlDefinitions.SPATIAL))
                .forEach(index -> hold(
                        first(),
                        index.what() + " is of a kind with which MySQL drops no column unless it copies the table.",
                        "Drop the index for the time of the change."));
    }

    /** What MySQL does for a foreign key fires no trigger. */
    private void silentWrites(boolean guarded) {
        if (!place.site().newColumns().isEmpty()) {
            place.site()
                    .key()
                    .forEach(column -> cascades(
                            column,
                            MysqlDefinitions::movesSilently,
                            "gives rows another key, and no trigger sees that they get past a backfill."));
        }
        for (Column column : place.going()) {
            cascades(column, MysqlDefinitions::writesSilently, "writes the column, and no trigger sees it.");
            table.column(column.name())
                    .filter(col -> col.moving().contains(" ON UPDATE ")
                            && !(guarded && place.site().isSql()))
                    .ifPresent(col -> hold(
                            column,
                            "its ON UPDATE writes the column by itself, and only a guard in SQL form brings that over.",
                            "Let the writers give the value."));
        }
    }

    private void cascades(Column column, Predicate<String> definition, String message) {
        table.attachmentsOn(column.name()).stream()
                .filter(part -> part.kind() == Attachment.Kind.FOREIGN_KEY)
                .filter(part -> definition.test(part.definition()))
                .forEach(part -> lose(
                        column, "cascade of " + part.what(), message, "Give it RESTRICT for the time of the change"));
    }

    private void notCarriedOver(boolean last) {
        for (Column column : place.going()) {
            for (CatalogTable.Index index : table.indexesOn(column.name())) {
                if (place.kind() == Kind.RETIRE) {
                    servesOthers(column, index);
                } else if (!place.isCarried(index)) {
                    lose(column, index.what(), "is not carried over: " + whyNot(index), counterpart());
                }
            }
            for (Attachment part : table.attachmentsOn(column.name())) {
                if (place.kind() == Kind.RETIRE) {
                    if (part.kind().isConstraint()) {
                        hold(column, part.what() + " is still on it.", "Drop it.");
                    }
                } else if (last && part.kind() == Attachment.Kind.REFERENCE && !place.isCarried(part)) {
                    hold(column, part.what() + " depends on it.", counterpart() + ".");
                } else if (!place.isCarried(part)) {
                    lose(column, part.what(), "is not carried over: " + whyNot(part), counterpart());
                }
            }
            if (place.kind() == Kind.REPLACE) {
                restOf(column);
            }
        }
    }

    private void restOf(Column column) {
        CatalogTable.Extras extras = place.extras(column);
        if (!place.isOneToOne() && !extras.grants().isEmpty()) {
            lose(
                    column,
                    "privileges on column " + column.name(),
                    "are not carried over: " + String.join(", ", extras.grants()) + ".",
                    "Grant what is needed on " + LeftBehind.names(place.site().newColumns()) + ", and revoke these");
        }
        if (!place.isVerbatim()) {
            extras.sequences()
                    .forEach(sequence -> lose(
                            column,
                            "sequence " + sequence,
                            "goes with the column that owns it.",
                            "Let another column own it"));
        }
        table.column(column.name())
                .filter(col -> !col.moving().isEmpty() && !isDefaultCarried(col))
                .ifPresent(col -> lose(
                        column,
                        "default of column " + column.name(),
                        "is not carried over, because" + col.moving()
                                + " cannot be said of the new side by the conversion.",
                        "Drop it, and let the writers give the value"));
    }

    /** The new column may have one already, which stays. */
    private boolean isDefaultCarried(CatalogTable.Col old) {
        if (!place.isOneToOne()) {
            return false;
        }
        boolean onUpdate = old.moving().contains(" ON UPDATE ");
        return place.isVerbatim()
                || (!onUpdate
                        && (place.hasDefault(place.after())
                                || place.initial(Database.MYSQL).isPresent()));
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
                    index.what() + " would go with it"
                            + (others.isEmpty() ? "." : ", and it serves " + String.join(", ", others) + " too."),
                    "Create one without the column if it is needed, then drop it.");
        }
    }

    private String whyNot(CatalogTable.Index index) {
        if (index.never() == null && place.isOneToOne() && index.plain()) {
            return "its options are made for type " + place.before().type() + ".";
        }
        return whyNot(index.never());
    }

    private String whyNot(Attachment part) {
        return whyNot(part.never());
    }

    private String whyNot(@Nullable String never) {
        if (never != null) {
            return never + ".";
        }
        if (!place.isOneToOne()) {
            return LeftBehind.names(place.site().oldColumns()) + " become "
                    + LeftBehind.names(place.site().newColumns()) + ", and it is not clear where it belongs.";
        }
        return place.isVerbatim()
                ? "the database takes it for no other column."
                : "it is about the values of " + place.before().name() + " as they are before the conversion.";
    }

    private String counterpart() {
        return "Create what takes its place on " + LeftBehind.names(place.site().newColumns()) + ", then drop it";
    }

    private void withoutCounterpart() {
        for (String missing : place.withoutCounterpart()) {
            hold(place.before(), missing + " has no counterpart on the new column.", "Create one, or drop it.");
        }
    }

    private void dependents() throws SQLException {
        String remedy = place.kind() == Kind.RETIRE
                ? "Let it do without the column, or drop it"
                : "Let it use the new column, or drop it";
        for (Column column : place.going()) {
            for (Dialect.Dependent dependent : tables.dependents(connection, table, column.name())) {
                if (dependent.certain()) {
                    hold(column, dependent.what() + " depends on it.", remedy + ".");
                } else {
                    lose(column, dependent.what(), "names table and column.", remedy);
                }
            }
        }
    }

    /** Nobody keeps the old column current from the first NEW_ONLY on. */
    private void readersOfWhatFallsBehind() throws SQLException {
        if (place.kind() != Kind.REPLACE) {
            return;
        }
        for (Column column : place.going()) {
            table.attachmentsOn(column.name()).stream()
                    .filter(part -> part.kind() == Attachment.Kind.REFERENCE)
                    .forEach(part -> hold(
                            column,
                            part.what()
                                    + " refers to it, and would refuse what refers to rows that only the new column names.",
                            "Drop it" + (place.isCarried(part) ? "; its successor stands already." : ".")));
            for (Dialect.Dependent dependent : tables.dependents(connection, table, column.name())) {
                lose(
                        column,
                        dependent.what(),
                        "depends on it, and would see what nobody keeps current any more.",
                        "Let it use the new column, or drop it");
            }
        }
    }

    private Column first() {
        return Stream.concat(place.going().stream(), place.site().newColumns().stream())
                .findFirst()
                .orElseThrow();
    }

    /**
     * Holds until an operator waives it.
     *
     * @param remedy without a full stop
     */
    private void lose(Column column, String what, String message, String remedy) {
        String key = what + " of " + place.site().table();
        found.add(new Hold(
                problem(column, what + " " + message, remedy + ", or waive \"" + key + "\"."), key, waived.get(key)));
    }

    private void hold(Column column, String message, String remedy) {
        found.add(new Hold(problem(column, message, remedy), null, null));
    }

    private Problem problem(Column column, String message, String remedy) {
        return new Problem(place.change().id(), place.site().table() + "." + column.name(), message, remedy);
    }
}

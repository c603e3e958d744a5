package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.KeyText;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a trigger sees that a write leaves a side behind, when the database cannot compute what the side should hold: by
 * what is NULL and what has changed. All conditions are true or false, never null, and compare bytes.
 *
 * <p>A row that moves to another key is of interest as well: it may jump over the cursor of a pass.
 */
record LeftBehind(Place place, Side filled, Database database) {

    static final String NEVER = "FALSE";

    static List<Column> columns(Site site, Side side) {
        return side == Side.NEW ? site.newColumns() : site.oldColumns();
    }

    private List<Column> target() {
        return columns(place.site(), filled);
    }

    private List<Column> given() {
        return columns(place.site(), filled.other());
    }

    /**
     * An insert that has left the side out, if what it holds is not what it should be: the side holds NULL or its
     * default.
     *
     * <p>A row that has neither side is one of the old side, because a new side of NULLs alone is nobody's value where
     * nothing converts to something; see {@link Declared}. A side that is introduced is never NULL and given.
     */
    String toBeFilled() {
        // Without a default the rest says no more, and PostgreSQL reads a condition anew for every statement.
        boolean isNull = target().stream().allMatch(column -> initial(column).isEmpty());
        if (isIntroduced() || (filled == Side.NEW && isNull)) {
            return omitted();
        }
        return filled == Side.NEW
                ? "(" + omitted() + " AND (" + anyGiven() + " OR " + allNull() + "))"
                : "(" + omitted() + " AND " + anyGiven() + ")";
    }

    /** An insert that may have left the side out: it holds NULL or its default. */
    String maybeLeftOut() {
        return !isIntroduced() && nullStaysNull() ? "(" + omitted() + " AND " + anyGiven() + ")" : omitted();
    }

    /** An insert that has certainly given the one side and left the other out. */
    String leftOut() {
        if (isIntroduced()) {
            return allNull();
        }
        String given = any(given(), column -> {
            String initial = initial(column);
            return "(NEW.%s IS NOT NULL%s)"
                    .formatted(
                            quoted(column),
                            initial.isEmpty()
                                    ? ""
                                    : " AND " + database.distinct("NEW." + quoted(column), initial, column.type()));
        });
        return "(" + allNull() + " AND " + given + ")";
    }

    /** An update that has changed the one side and not the other. */
    String leftBehind() {
        return "(" + changed(given()) + " AND NOT " + changed(target()) + ")";
    }

    String moved() {
        return changed(place.site().key());
    }

    /** The row's key, as the queue has it. */
    String key() {
        List<String> parts = place.site().key().stream()
                .map(column -> KeyText.encoded(database, "NEW." + quoted(column), column.type()))
                .toList();
        return switch (database) {
            case POSTGRESQL -> String.join(" || ',' || ", parts);
            case MYSQL -> "CONCAT_WS(',', " + String.join(", ", parts) + ")";
        };
    }

    /** What a refused writer is told; MySQL shows only its beginning. */
    String refusal() {
        return "Segue change '%s' of table %s: give %s as well, %s"
                .formatted(place.change().id(), place.site().table(), names(target()), why());
    }

    /** What a writer is told whose value the conversion cannot take: the beginning of what the database says of it. */
    String raised() {
        return "Segue change '%s' of table %s, computing %s: "
                .formatted(place.change().id(), place.site().table(), names(target()));
    }

    /** What a writer is told besides whose value would not come back; MySQL has no room for more. */
    String unfit() {
        return "the value does not survive it there and back";
    }

    /**
     * Whether the value of the other side does not come back from this one, as it has been filled. FALSE where it cannot be
     * lost; a new column without a predecessor has no way back.
     */
    String lost() {
        if (place.kind() != Kind.REPLACE || place.site().isCopy()) {
            return NEVER;
        }
        // On the way to OLD, what has come back is what disagreed before.
        return filled == Side.NEW ? place.site().differsBack(database, "NEW.") : disagrees();
    }

    /** Whether something is left to do, or to say, about a row: its sides disagree, or its value does not come back. */
    String wrong() {
        return filled == Side.NEW ? "(" + disagrees() + " OR " + lost() + ")" : disagrees();
    }

    /** Whether the new columns do not hold what the old ones convert to. */
    String disagrees() {
        return place.site().disagrees(database, "NEW.");
    }

    private String why() {
        if (isIntroduced()) {
            return "it is a new column, and nobody reads the row without it";
        }
        return filled == Side.NEW
                ? "it is taking the place of " + names(given())
                : "nodes that read it are on their way back";
    }

    /**
     * Whether a value that the conversion cannot take is let pass as long as NEW is not sealed. Not where a column is
     * introduced: nobody converts its rows later.
     */
    boolean letsPass() {
        return letsPass(place.change(), filled);
    }

    static boolean letsPass(ColumnChange change, Side filled) {
        return filled == Side.NEW && change.kind() == Kind.REPLACE;
    }

    /**
     * Locks the change until the writer ends, and finds a row if what cannot be converted may pass: whoever seals waits for
     * that lock, and then sees what has been recorded.
     *
     * @param insert whether the row would hold NULL then, which it may not once that is enforced
     */
    String unsealed(String registry, boolean insert) {
        boolean enforced = insert && target().stream().anyMatch(Column::mandatory);
        return "SELECT 1 FROM %s WHERE id = %s AND NOT sealed_new%s FOR SHARE"
                .formatted(
                        new TableName(registry, "segue_change").quoted(database),
                        database.literal(place.change().id()),
                        enforced ? " AND stage_enforce = 'pending'" : "");
    }

    /** In longer words. */
    String hint() {
        if (isIntroduced()) {
            return "The write leaves " + names(target())
                    + " out. Is this a version of the application from before the change, or a script?";
        }
        return "The write gives %s and leaves %s behind. Write both sides%s. Is this a version of the application from before the change, or a script?"
                .formatted(
                        names(given()),
                        names(target()),
                        filled == Side.NEW ? ", or " + names(target()) + " alone" : "");
    }

    static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }

    /** If NULL converts to NULL, a row that has neither side lacks nothing. */
    private boolean nullStaysNull() {
        if (!(place.site().form() instanceof JavaForm form)) {
            return true;
        }
        JavaForm.Converter converter = filled == Side.NEW ? form.toNew() : form.toOld();
        try {
            return converter.convert(Collections.nCopies(given().size(), null)).stream()
                    .allMatch(Objects::isNull);
        } catch (RuntimeException e) {
            // Such a row is put aside when its turn comes.
            return false;
        }
    }

    private boolean isIntroduced() {
        return place.kind() == Kind.INTRODUCE;
    }

    private String omitted() {
        return all(target(), column -> {
            String initial = initial(column);
            return "(NEW.%s IS NULL%s)"
                    .formatted(
                            quoted(column),
                            initial.isEmpty()
                                    ? ""
                                    : " OR NOT (" + database.distinct("NEW." + quoted(column), initial, column.type())
                                            + ")");
        });
    }

    private String allNull() {
        return all(target(), column -> "NEW." + quoted(column) + " IS NULL");
    }

    private String anyGiven() {
        return any(given(), column -> "NEW." + quoted(column) + " IS NOT NULL");
    }

    private String initial(Column column) {
        return place.table()
                .column(column.name())
                .map(CatalogTable.Col::initial)
                .orElse("");
    }

    private String changed(List<Column> columns) {
        return any(
                columns, column -> database.distinct("OLD." + quoted(column), "NEW." + quoted(column), column.type()));
    }

    private static String any(List<Column> columns, Function<Column, String> condition) {
        return columns.isEmpty()
                ? "FALSE"
                : columns.stream().map(condition).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String all(List<Column> columns, Function<Column, String> condition) {
        return columns.stream().map(condition).collect(Collectors.joining(" AND ", "(", ")"));
    }

    private String quoted(Column column) {
        return database.quote(column.name());
    }
}

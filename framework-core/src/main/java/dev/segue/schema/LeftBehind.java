package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.KeyText;
import dev.segue.lifecycle.Side;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a trigger sees that a write leaves a side behind, when the database cannot compute what the side should hold: by
 * what is NULL and what has changed. All conditions are true or false, never null, and compare bytes.
 *
 * <p>A row that moves to another key is of interest as well: it may jump over the cursor of a pass.
 */
record LeftBehind(Place place, Side filled, Database database) {

    static List<Column> columns(Site site, Side side) {
        return side == Side.NEW ? site.newColumns() : site.oldColumns();
    }

    private List<Column> target() {
        return columns(place.site(), filled);
    }

    private List<Column> given() {
        return columns(place.site(), filled.other());
    }

    /** An insert that may have left the side out: it holds NULL or its default. */
    String maybeLeftOut() {
        String omitted = target().stream()
                .map(column -> "(NEW.%s IS NULL%s)".formatted(quoted(column), orDefault(column)))
                .collect(Collectors.joining(" AND "));
        return nullStaysNull() ? "(" + omitted + " AND " + anyGiven("NEW.%s IS NOT NULL") + ")" : "(" + omitted + ")";
    }

    /** An insert that has certainly given the one side and left the other out. */
    String leftOut() {
        String omitted = target().stream()
                .map(column -> "NEW." + quoted(column) + " IS NULL")
                .collect(Collectors.joining(" AND "));
        String given = given().stream()
                .map(column -> {
                    String initial = initial(column);
                    return "(NEW.%s IS NOT NULL%s)"
                            .formatted(
                                    quoted(column),
                                    initial.isEmpty()
                                            ? ""
                                            : " AND "
                                                    + database.distinct(
                                                            "NEW." + quoted(column), initial, column.type()));
                })
                .collect(Collectors.joining(" OR "));
        return "(" + omitted + " AND (" + given + "))";
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
                .formatted(
                        place.change().id(),
                        place.site().table(),
                        names(target()),
                        filled == Side.NEW
                                ? "it is taking the place of " + names(given())
                                : "nodes that read it are on their way back");
    }

    /** In longer words. */
    String hint() {
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

    private String orDefault(Column column) {
        String initial = initial(column);
        return initial.isEmpty()
                ? ""
                : " OR NOT (" + database.distinct("NEW." + quoted(column), initial, column.type()) + ")";
    }

    private String initial(Column column) {
        return place.table()
                .column(column.name())
                .map(CatalogTable.Col::initial)
                .orElse("");
    }

    private String anyGiven(String condition) {
        return given().stream()
                .map(column -> condition.formatted(quoted(column)))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String changed(List<Column> columns) {
        return columns.stream()
                .map(column -> database.distinct("OLD." + quoted(column), "NEW." + quoted(column), column.type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String quoted(Column column) {
        return database.quote(column.name());
    }
}

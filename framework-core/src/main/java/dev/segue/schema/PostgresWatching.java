package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.Exemption;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The guard on PostgreSQL for a conversion that exists only in Java.
 *
 * <p>Recording appends the key to {@code segue_dirty} after the row is written. Refusing raises an error, for an insert
 * already before the row is written, so that the writer is not told about a NOT NULL instead.
 *
 * <p>An update that gives one side its old value and leaves the other behind changes nothing that a row trigger could
 * see, and yet it is the last write. What sees it is {@code UPDATE OF}: a trigger for each statement that names the one
 * side looks for the mark that one for the other side has left just before. Those three run one right after the other,
 * by their names, before any row is touched.
 *
 * <p>On a partitioned table a row that gets another key is seen BEFORE UPDATE instead of AFTER: one that is taken to another
 * partition by that is deleted and inserted, and sets off no AFTER UPDATE. The insertion is seen too, and a row that
 * nothing has filled yet is taken for one that was given one side alone.
 */
final class PostgresWatching {

    static final List<String> RECORDING = List.of("rec_insert", "rec_update");

    static final List<String> REFUSING =
            List.of("ref_first", "ref_insert", "ref_update", "ref_named", "ref_only", "ref_over");

    static final String RECORDED_CROSSING = "rec_cross";

    static final String REFUSED_CROSSING = "ref_cross";

    private static final Database DB = Database.POSTGRESQL;

    /** Calls nothing that a search path could lead astray, so it needs none of its own, which would cost. */
    private static final String CHEAP = "";

    private final Place place;
    private final Side filled;
    private final String registry;
    private final LeftBehind look;
    private final String notExempt = Exemption.notExempt(DB);

    PostgresWatching(Place place, Side filled, String registry) {
        this.place = place;
        this.filled = filled;
        this.registry = registry;
        this.look = new LeftBehind(place, filled, DB);
    }

    List<String> record() {
        List<String> sql = new ArrayList<>(List.of(
                function("rec_insert", hit() + dirty() + "RETURN NULL;"),
                row("rec_insert", "AFTER INSERT", look.maybeLeftOut())));
        sql.addAll(updates("rec_update", RECORDED_CROSSING, hit()));
        return sql;
    }

    List<String> refuse() {
        List<String> sql = new ArrayList<>(List.of(
                function("ref_first", raise() + "RETURN NULL;"),
                function(
                        "ref_insert",
                        "IF " + look.leftOut() + " THEN " + raise() + "END IF;\n  " + dirty() + "RETURN NULL;"),
                PostgresGuards.function(place, filled, "ref_named", CHEAP, mark("on")),
                function("ref_only", raise() + "RETURN NULL;"),
                PostgresGuards.function(place, filled, "ref_over", CHEAP, mark("off")),
                row("ref_first", "BEFORE INSERT", look.leftOut()),
                row("ref_insert", "AFTER INSERT", look.maybeLeftOut()),
                statement("ref_named", filled, "true"),
                statement(
                        "ref_only",
                        filled.other(),
                        "pg_catalog.current_setting('segue.named', true) IS DISTINCT FROM 'on' AND " + notExempt),
                statement("ref_over", filled, "true")));
        sql.addAll(updates("ref_update", REFUSED_CROSSING, raise()));
        return sql;
    }

    /**
     * Of rows that are left behind, or get another key.
     *
     * @param leftBehind what is done about the former before they are recorded
     */
    private List<String> updates(String update, String crossing, String leftBehind) {
        String body = "IF " + look.leftBehind() + " THEN " + leftBehind + "END IF;\n  " + dirty() + "RETURN ";
        if (!place.table().partitioned()) {
            return List.of(
                    function(update, body + "NULL;"),
                    row(update, "AFTER UPDATE", "(" + look.leftBehind() + " OR " + look.moved() + ")"));
        }
        return List.of(
                function(update, body + "NULL;"),
                row(update, "AFTER UPDATE", "(" + look.leftBehind() + " AND NOT " + look.moved() + ")"),
                function(crossing, body + "NEW;"),
                row(crossing, "BEFORE UPDATE", look.moved()));
    }

    private static String mark(String value) {
        return "PERFORM pg_catalog.set_config('segue.named', '" + value + "', true);\n  RETURN NULL;";
    }

    private String function(String event, String body) {
        return PostgresGuards.function(place, filled, event, body);
    }

    private String row(String event, String when, String condition) {
        return PostgresGuards.trigger(place, filled, event, when, "ROW", notExempt + " AND " + condition);
    }

    /**
     * For each statement that names a column of the side. Where a column is introduced, a source that is given its old
     * value changes nothing.
     */
    private String statement(String event, Side named, String condition) {
        String columns = LeftBehind.columns(place.site(), named).stream()
                .map(Column::name)
                .map(DB::quote)
                .collect(Collectors.joining(", "));
        return PostgresGuards.trigger(
                place,
                filled,
                event,
                "BEFORE UPDATE" + (columns.isEmpty() ? "" : " OF " + columns),
                "STATEMENT",
                place.kind() == Kind.INTRODUCE ? "FALSE" : condition);
    }

    private String raise() {
        return "RAISE EXCEPTION USING MESSAGE = %s, HINT = %s;\n  "
                .formatted(DB.literal(look.refusal()), DB.literal(look.hint()));
    }

    private String hit() {
        return filled == Side.NEW ? PostgresGuards.hit(place, registry) : "";
    }

    private String dirty() {
        return PostgresGuards.dirty(look, registry);
    }
}

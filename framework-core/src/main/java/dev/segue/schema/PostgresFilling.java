package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The guard on PostgreSQL that fills the side that was left behind: for each direction four triggers.
 *
 * <ol>
 *   <li>{@code insert}, BEFORE INSERT, gives a row the side that it was not given: in time for NOT NULL.
 *   <li>{@code check}, AFTER INSERT, repairs what a trigger that ran after it, by its name, has changed.
 *   <li>{@code update}, AFTER UPDATE, brings the side up to date that was left behind. Without OF, because a trigger may
 *       have changed the column where the statement did not name it. AFTER, because a BEFORE trigger costs each
 *       two-sided update three times as much.
 *   <li>{@code moved}, AFTER UPDATE, records a row that disagrees and has got another key: it may have jumped over the
 *       cursor of a pass. It does not repair it, because it cannot know which side holds the truth.
 * </ol>
 *
 * <p>A repair leaves both sides in agreement, so it does not set off the triggers again.
 */
final class PostgresFilling {

    static final List<String> EVENTS = List.of("insert", "check", "update", "moved");

    private static final Database DB = Database.POSTGRESQL;

    private PostgresFilling() {}

    static List<String> create(Place place, Side filled, String registry) {
        Site site = place.site();
        String disagrees = site.disagrees(DB, "NEW.");
        List<Column> given = LeftBehind.columns(site, filled.other());
        List<Column> target = LeftBehind.columns(site, filled);
        LeftBehind look = new LeftBehind(place, filled, DB);
        String hit = filled == Side.NEW ? PostgresGuards.hit(place, registry) : "";
        return List.of(
                PostgresGuards.function(
                        place, filled, "insert", fill(target, values(site, filled, "NEW.")) + hit + "RETURN NEW;"),
                PostgresGuards.function(place, filled, "check", correct(place, filled) + "RETURN NULL;"),
                PostgresGuards.function(place, filled, "update", correct(place, filled) + hit + "RETURN NULL;"),
                PostgresGuards.function(
                        place,
                        filled,
                        "moved",
                        unlessAgreeing(disagrees) + PostgresGuards.dirty(look, registry) + "RETURN NULL;"),
                PostgresGuards.trigger(
                        place,
                        filled,
                        "insert",
                        "BEFORE INSERT",
                        "ROW",
                        omitted(place, target) + " AND " + any(given, "NEW.%s IS NOT NULL") + " AND " + disagrees),
                PostgresGuards.trigger(place, filled, "check", "AFTER INSERT", "ROW", disagrees),
                PostgresGuards.trigger(
                        place, filled, "update", "AFTER UPDATE", "ROW", look.leftBehind() + " AND " + disagrees),
                PostgresGuards.trigger(
                        place, filled, "moved", "AFTER UPDATE", "ROW", look.moved() + " AND NOT " + look.leftBehind()));
    }

    /** A value that does not convert is none that agrees, and no reason to break the writer. */
    private static String unlessAgreeing(String disagrees) {
        return """
                BEGIN
                    IF NOT %s THEN
                      RETURN NULL;
                    END IF;
                  EXCEPTION WHEN OTHERS THEN
                    NULL;
                  END;
                """.formatted(disagrees);
    }

    private static String fill(List<Column> target, List<String> values) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < target.size(); i++) {
            body.append("NEW.%s := %s;\n  ".formatted(DB.quote(target.get(i).name()), values.get(i)));
        }
        return body.toString();
    }

    /** Takes the value from the row as it is now, not from the record of the event, which may have been overtaken. */
    private static String correct(Place place, Side filled) {
        List<Column> target = LeftBehind.columns(place.site(), filled);
        List<String> values = values(place.site(), filled, "segue_row.");
        List<String> set = new ArrayList<>();
        for (int i = 0; i < target.size(); i++) {
            set.add(DB.quote(target.get(i).name()) + " = " + values.get(i));
        }
        String row = place.site().key().stream()
                .map(key -> "segue_row.%1$s = NEW.%1$s".formatted(DB.quote(key.name())))
                .collect(Collectors.joining(" AND "));
        return "UPDATE %s AS segue_row SET %s WHERE %s;\n  "
                .formatted(place.name().quoted(DB), String.join(", ", set), row);
    }

    /** A column that has a default is omitted when it holds just that. */
    private static String omitted(Place place, List<Column> target) {
        return target.stream()
                .map(column -> {
                    String name = "NEW." + DB.quote(column.name());
                    String initial = place.table()
                            .column(column.name())
                            .map(CatalogTable.Col::initial)
                            .orElse(null);
                    return initial == null
                            ? name + " IS NULL"
                            : "(%s IS NULL OR NOT (%s))".formatted(name, DB.distinct(name, initial, column.type()));
                })
                .collect(Collectors.joining(" AND ", "(", ")"));
    }

    private static List<String> values(Site site, Side filled, String qualifier) {
        return filled == Side.NEW ? site.toNew(DB, qualifier) : site.toOld(DB, qualifier);
    }

    private static String any(List<Column> columns, String condition) {
        return columns.stream()
                .map(column -> condition.formatted(DB.quote(column.name())))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}

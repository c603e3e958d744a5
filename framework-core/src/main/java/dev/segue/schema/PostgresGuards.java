package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The guard on PostgreSQL: for each direction three triggers.
 *
 * <ol>
 *   <li>{@code insert}, BEFORE INSERT, gives a row the side that it was not given: in time for NOT NULL.
 *   <li>{@code check}, AFTER INSERT, repairs what a trigger that ran after it, by its name, has changed.
 *   <li>{@code update}, AFTER UPDATE, brings the side up to date that was left behind. Without OF, because a trigger may
 *       have changed the column where the statement did not name it. AFTER, because a BEFORE trigger costs each
 *       two-sided update three times as much.
 * </ol>
 *
 * <p>All conditions stand in WHEN, so a two-sided write calls no function. A repair leaves both sides in agreement, so it
 * does not set off the triggers again.
 */
final class PostgresGuards implements Dialect.Guards {

    private static final Database DB = Database.POSTGRESQL;

    private static final List<String> EVENTS = List.of("insert", "check", "update");

    @Override
    public List<Step> install(Place place, Side filled, String registry) {
        Site site = place.site();
        String disagrees = site.disagrees(DB, "NEW.");
        List<Column> given = columns(site, filled.other());
        List<Column> target = columns(site, filled);
        String hit = filled == Side.NEW ? hit(place, registry) : "";
        List<String> sql = new ArrayList<>();
        sql.add(function(place, filled, "insert", fill(target, values(site, filled, "NEW.")) + hit + "RETURN NEW;"));
        sql.add(function(place, filled, "check", correct(place, filled) + "RETURN NULL;"));
        sql.add(function(place, filled, "update", correct(place, filled) + hit + "RETURN NULL;"));
        sql.add(trigger(
                place,
                filled,
                "insert",
                "BEFORE INSERT",
                omitted(place, target) + " AND " + any(given, "NEW.%s IS NOT NULL") + " AND " + disagrees));
        sql.add(trigger(place, filled, "check", "AFTER INSERT", disagrees));
        sql.add(trigger(
                place,
                filled,
                "update",
                "AFTER UPDATE",
                changed(given) + " AND NOT " + changed(target) + " AND " + disagrees));
        for (String event : EVENTS) {
            sql.add("COMMENT ON TRIGGER %s ON %s IS %s"
                    .formatted(
                            DB.quote(triggerName(place.change(), site, filled, event)),
                            place.name().quoted(DB),
                            DB.literal("Segue guard of change " + place.change().id() + ": fills the "
                                    + (filled == Side.NEW ? "new" : "old")
                                    + " side for those who write only the other")));
        }
        return List.of(Step.quick(
                place.name(),
                standing(place.name().quoted(DB), place.change(), site, filled),
                sql.toArray(String[]::new)));
    }

    @Override
    public List<Step> remove(Place place, Side filled) {
        return List.of(Step.quick(
                place.name(),
                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname IN (%s))"
                        .formatted(
                                DB.literal(place.name().quoted(DB)),
                                triggerNames(place.change(), place.site(), filled)),
                dropAll(place, filled).toArray(String[]::new)));
    }

    static List<String> dropAll(Place place, Side filled) {
        List<String> sql = new ArrayList<>();
        for (String event : EVENTS) {
            sql.add("DROP TRIGGER IF EXISTS %s ON %s"
                    .formatted(
                            DB.quote(triggerName(place.change(), place.site(), filled, event)),
                            place.name().quoted(DB)));
            sql.add("DROP FUNCTION IF EXISTS " + functionName(place, filled, event) + "()");
        }
        return sql;
    }

    @Override
    public boolean stands(Connection connection, ColumnChange change, Site site, Side filled) throws SQLException {
        String regclass = site.table().schema() == null
                ? new TableName(registry(connection), site.table().name()).quoted(DB)
                : site.table().quoted(DB);
        return !new Query(connection)
                .strings(standing(regclass, change, site, filled))
                .isEmpty();
    }

    @Override
    public String registry(Connection connection) throws SQLException {
        return new Query(connection).strings("SELECT current_schema()").get(0);
    }

    /** A trigger that somebody has disabled does not stand. */
    private static String standing(String regclass, ColumnChange change, Site site, Side filled) {
        return "SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A') AND tgname IN (%s) HAVING count(*) = %d"
                .formatted(DB.literal(regclass), triggerNames(change, site, filled), EVENTS.size());
    }

    private static String triggerNames(ColumnChange change, Site site, Side filled) {
        return EVENTS.stream()
                .map(event -> DB.literal(triggerName(change, site, filled, event)))
                .collect(Collectors.joining(", "));
    }

    private static String triggerName(ColumnChange change, Site site, Side filled, String event) {
        return "zzz_" + Names.guard(change, site, filled, event);
    }

    private static String functionName(Place place, Side filled, String event) {
        return new TableName(place.name().schema(), Names.guard(place.change(), place.site(), filled, event))
                .quoted(DB);
    }

    private static String trigger(Place place, Side filled, String event, String when, String condition) {
        return "CREATE OR REPLACE TRIGGER %s %s ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION %s()"
                .formatted(
                        DB.quote(triggerName(place.change(), place.site(), filled, event)),
                        when,
                        place.name().quoted(DB),
                        condition,
                        functionName(place, filled, event));
    }

    /** Any writer may set it off, whatever it is allowed to do, and whatever its search path leads to. */
    private static String function(Place place, Side filled, String event, String body) {
        String tag = "$segue$";
        while (body.contains(tag)) {
            tag = tag.substring(0, tag.length() - 1) + "x$";
        }
        return """
                CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp AS %s
                BEGIN
                  %s
                END %s""".formatted(functionName(place, filled, event), tag, body, tag);
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
        List<Column> target = columns(place.site(), filled);
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

    /** The login, because within the function the current user is the function's owner. */
    private static String hit(Place place, String registry) {
        return """
                INSERT INTO %s (change_id, site, writer, written_at) VALUES (%s, %s,
                    left('user ''' || session_user || '''' || COALESCE(' application '''
                      || NULLIF(current_setting('application_name', true), '') || '''', ''), 500), clock_timestamp());
                """.formatted(
                        new TableName(registry, "segue_guard_hit").quoted(DB),
                        DB.literal(place.change().id()),
                        DB.literal(place.site().table().toString()));
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

    private static List<Column> columns(Site site, Side side) {
        return side == Side.NEW ? site.newColumns() : site.oldColumns();
    }

    private static List<String> values(Site site, Side filled, String qualifier) {
        return filled == Side.NEW ? site.toNew(DB, qualifier) : site.toOld(DB, qualifier);
    }

    private static String any(List<Column> columns, String condition) {
        return columns.stream()
                .map(column -> condition.formatted(DB.quote(column.name())))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String changed(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        DB.distinct("OLD." + DB.quote(column.name()), "NEW." + DB.quote(column.name()), column.type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}

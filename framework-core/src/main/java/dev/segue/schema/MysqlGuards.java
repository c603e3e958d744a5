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
 * The guard on MySQL: for each direction a BEFORE INSERT and a BEFORE UPDATE trigger, because an AFTER trigger may not
 * change its own table. The directions are triggers of their own, so one comes or goes without a gap in the other.
 */
final class MysqlGuards implements Dialect.Guards {

    private static final Database DB = Database.MYSQL;

    private static final List<String> EVENTS = List.of("insert", "update");

    @Override
    public List<Step> install(Place place, Side filled, String registry) {
        Site site = place.site();
        List<Column> given = columns(site, filled.other());
        List<Column> target = columns(site, filled);
        String disagrees = site.disagrees(DB, "NEW.");
        String any = given.stream()
                .map(column -> "NEW." + DB.quote(column.name()) + " IS NOT NULL")
                .collect(Collectors.joining(" OR ", "(", ")"));
        String then = fill(site, filled) + (filled == Side.NEW ? hit(place, registry) : "");
        return List.of(
                create(place, filled, "insert", omitted(place, target) + " AND " + any + " AND " + disagrees, then),
                create(
                        place,
                        filled,
                        "update",
                        changed(given) + " AND NOT " + changed(target) + " AND " + disagrees,
                        then));
    }

    private static Step create(Place place, Side filled, String event, String condition, String then) {
        String name = Names.guard(place.change(), place.site(), filled, event);
        return Step.quick(place.name(), exists(place, List.of(name)), """
                CREATE TRIGGER %s BEFORE %s ON %s FOR EACH ROW
                IF %s THEN
                  %s
                END IF""".formatted(
                        new TableName(place.name().schema(), name).quoted(DB),
                        event.toUpperCase(java.util.Locale.ROOT),
                        place.name().quoted(DB),
                        condition,
                        then));
    }

    @Override
    public List<Step> remove(Place place, Side filled) {
        return List.of(Step.quick(
                place.name(),
                "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + exists(place, names(place, filled)) + ")",
                dropAll(place, filled).toArray(String[]::new)));
    }

    static List<String> dropAll(Place place, Side filled) {
        return names(place, filled).stream()
                .map(name ->
                        "DROP TRIGGER IF EXISTS " + new TableName(place.name().schema(), name).quoted(DB))
                .toList();
    }

    /** Finds a row for each trigger of the guard that is there. */
    static String anyOf(Place place) {
        List<String> all = new ArrayList<>();
        for (Side side : Side.values()) {
            all.addAll(names(place, side));
        }
        return exists(place, all);
    }

    private static List<String> names(Place place, Side filled) {
        return EVENTS.stream()
                .map(event -> Names.guard(place.change(), place.site(), filled, event))
                .toList();
    }

    private static String exists(Place place, List<String> names) {
        String schema = place.name().schema();
        return "SELECT 1 FROM information_schema.triggers WHERE trigger_schema = %s AND trigger_name IN (%s)"
                .formatted(
                        schema == null ? "DATABASE()" : DB.literal(schema),
                        names.stream().map(DB::literal).collect(Collectors.joining(", ")));
    }

    @Override
    public boolean stands(Connection connection, ColumnChange change, Site site, Side filled) throws SQLException {
        String schema = site.table().schema();
        String names = EVENTS.stream()
                .map(event -> DB.literal(Names.guard(change, site, filled, event)))
                .collect(Collectors.joining(", "));
        return new Query(connection)
                        .strings("SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = "
                                + (schema == null ? "DATABASE()" : DB.literal(schema)) + " AND trigger_name IN ("
                                + names
                                + ")")
                        .size()
                == EVENTS.size();
    }

    @Override
    public String registry(Connection connection) throws SQLException {
        return new Query(connection).strings("SELECT DATABASE()").get(0);
    }

    private static String fill(Site site, Side filled) {
        List<Column> target = columns(site, filled);
        List<String> values = filled == Side.NEW ? site.toNew(DB, "NEW.") : site.toOld(DB, "NEW.");
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < target.size(); i++) {
            body.append("SET NEW.%s = %s;\n  ".formatted(DB.quote(target.get(i).name()), values.get(i)));
        }
        return body.toString();
    }

    /** USER() is who has logged in; within the trigger CURRENT_USER() is who made it. */
    private static String hit(Place place, String registry) {
        return """
                INSERT INTO %s (change_id, site, writer, written_at) VALUES (%s, %s,
                    CONCAT('user ''', SUBSTRING_INDEX(USER(), '@', 1), ''' host ''', SUBSTRING_INDEX(USER(), '@', -1), ''''),
                    UTC_TIMESTAMP(6));""".formatted(
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
                            : "(%s IS NULL OR %s <=> %s)".formatted(name, name, initial);
                })
                .collect(Collectors.joining(" AND ", "(", ")"));
    }

    private static List<Column> columns(Site site, Side side) {
        return side == Side.NEW ? site.newColumns() : site.oldColumns();
    }

    private static String changed(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        DB.distinct("OLD." + DB.quote(column.name()), "NEW." + DB.quote(column.name()), column.type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}

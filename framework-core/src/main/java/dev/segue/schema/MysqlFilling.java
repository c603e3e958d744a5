package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The guard on MySQL that fills the side that was left behind: for each direction a BEFORE INSERT and a BEFORE UPDATE
 * trigger, because an AFTER trigger may not change its own table.
 */
final class MysqlFilling {

    static final List<String> EVENTS = List.of("insert", "update");

    private static final Database DB = Database.MYSQL;

    private MysqlFilling() {}

    static List<Step> create(Place place, Side filled, String registry) {
        Site site = place.site();
        List<Column> given = LeftBehind.columns(site, filled.other());
        List<Column> target = LeftBehind.columns(site, filled);
        String disagrees = site.disagrees(DB, "NEW.");
        String any = given.stream()
                .map(column -> "NEW." + DB.quote(column.name()) + " IS NOT NULL")
                .collect(Collectors.joining(" OR ", "(", ")"));
        String then = fill(site, filled) + (filled == Side.NEW ? MysqlGuards.hit(place, registry) : "");
        return List.of(
                MysqlGuards.create(
                        place,
                        filled,
                        "insert",
                        "BEFORE INSERT",
                        omitted(place, target) + " AND " + any + " AND " + disagrees,
                        then),
                MysqlGuards.create(
                        place,
                        filled,
                        "update",
                        "BEFORE UPDATE",
                        changed(given) + " AND NOT " + changed(target) + " AND " + disagrees,
                        then));
    }

    private static String fill(Site site, Side filled) {
        List<Column> target = LeftBehind.columns(site, filled);
        List<String> values = filled == Side.NEW ? site.toNew(DB, "NEW.") : site.toOld(DB, "NEW.");
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < target.size(); i++) {
            body.append("SET NEW.%s = %s;\n  ".formatted(DB.quote(target.get(i).name()), values.get(i)));
        }
        return body.toString();
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

    private static String changed(List<Column> columns) {
        return columns.stream()
                .map(column ->
                        DB.distinct("OLD." + DB.quote(column.name()), "NEW." + DB.quote(column.name()), column.type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}

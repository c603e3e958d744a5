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
 *
 * <p>A third one, AFTER UPDATE, records a row that disagrees and has got another key: it may have jumped over the cursor
 * of a pass. It does not repair it, because it cannot know which side holds the truth.
 */
final class MysqlFilling {

    static final List<String> EVENTS = List.of("insert", "update", "moved");

    private static final Database DB = Database.MYSQL;

    private MysqlFilling() {}

    static List<Step> create(Place place, Side filled, String registry) {
        Site site = place.site();
        List<Column> given = LeftBehind.columns(site, filled.other());
        List<Column> target = LeftBehind.columns(site, filled);
        LeftBehind look = new LeftBehind(place, filled, DB);
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
                        place, filled, "update", "BEFORE UPDATE", look.leftBehind() + " AND " + disagrees, then),
                MysqlGuards.create(
                        place,
                        filled,
                        "moved",
                        "AFTER UPDATE",
                        look.moved(),
                        unlessAgreeing(disagrees, MysqlGuards.dirty(look, registry))));
    }

    /** A value that does not convert is none that agrees, and no reason to break the writer; what fails sets NULL. */
    private static String unlessAgreeing(String disagrees, String then) {
        return """
                BEGIN
                    DECLARE segue_agrees boolean DEFAULT false;
                    BEGIN
                      DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN END;
                      SET segue_agrees = NOT %s;
                    END;
                    IF segue_agrees IS NOT TRUE THEN
                      %s
                    END IF;
                  END;""".formatted(disagrees, then);
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
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * The guard on MySQL that fills the side that was left behind: for each direction a BEFORE INSERT and a BEFORE UPDATE
 * trigger, because an AFTER trigger may not change its own table.
 *
 * <p>A third one, AFTER UPDATE, records a row that disagrees and has got another key: it may have jumped over the cursor
 * of a pass. It does not repair it, because it cannot know which side holds the truth.
 */
final class MysqlFilling {

    static final List<String> INSERTS = List.of("insert");

    static final List<String> EVENTS = List.of("insert", "update", "moved");

    private static final Database DB = Database.MYSQL;

    private MysqlFilling() {}

    static List<Step> create(Place place, Side filled, String registry) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        List<Step> steps = new ArrayList<>(createForInserts(place, filled, registry));
        steps.add(create(place, filled, registry, "update", "BEFORE UPDATE", look.leftBehind()));
        steps.add(MysqlGuards.create(
                place,
                filled,
                "moved",
                "AFTER UPDATE",
                look.moved(),
                unlessAgreeing(place.site().disagrees(DB, "NEW."), MysqlGuards.dirty(look, registry))));
        return steps;
    }

    /** Of a new column that may be set freely: what an insert gives, and what a row has, stays. */
    static List<Step> createForInserts(Place place, Side filled, String registry) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        return List.of(create(place, filled, registry, "insert", "BEFORE INSERT", look.toBeFilled()));
    }

    private static Step create(Place place, Side filled, String registry, String event, String when, String condition) {
        String hit = filled == Side.NEW
                ? "IF segue_stale THEN\n    " + MysqlGuards.hit(place, registry) + "\n  END IF;\n  "
                : "";
        return MysqlGuards.create(
                place, filled, event, when, condition, compute(new LeftBehind(place, filled, DB)) + hit + "END;");
    }

    /**
     * Computes the side, and lets an error say which change it comes from. Nothing is locked meanwhile, so that a
     * deadlock stays what it is.
     */
    private static String compute(LeftBehind look) {
        return """
                BEGIN
                  DECLARE segue_stale BOOLEAN;
                  BEGIN
                    DECLARE segue_why TEXT;
                    DECLARE EXIT HANDLER FOR SQLEXCEPTION
                    BEGIN
                      GET STACKED DIAGNOSTICS CONDITION 1 segue_why = MESSAGE_TEXT;
                      SET segue_why = LEFT(CONCAT(%s, segue_why), %d);
                      %s
                      RESIGNAL SET MESSAGE_TEXT = segue_why;
                    END;
                    SET segue_stale = %s;
                    IF segue_stale THEN
                      %s
                    END IF;
                  END;
                """.formatted(
                        DB.literal(look.raised()),
                        MysqlGuards.LONGEST_MESSAGE,
                        MysqlFailure.prepared(LeftBehind.columns(look.place().site(), look.filled())),
                        look.place().site().disagrees(DB, "NEW."),
                        fill(look.place().site(), look.filled()));
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
}

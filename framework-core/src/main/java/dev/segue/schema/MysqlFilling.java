package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.RoundTrip;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The guard on MySQL that fills the side that was left behind: for each direction a BEFORE INSERT and a BEFORE UPDATE
 * trigger, because an AFTER trigger may not change its own table.
 *
 * <p>A value that the conversion cannot take does not break its writer before NEW is sealed: the row keeps the side as it
 * is. Two more triggers record such a row, AFTER INSERT and AFTER UPDATE, because only then a generated key is known. The
 * latter also records a row that disagrees and has got another key: it may have jumped over the cursor of a pass. It does
 * not repair it, because it cannot know which side holds the truth.
 *
 * <p>Each trigger is a program that runs for every row, whatever its condition says, and takes about 2 µs. So no more are
 * made than are needed: where nothing may pass, or where a column only gets another name, so that nothing can fail, there
 * is none AFTER INSERT; and in the latter case the one BEFORE UPDATE does what is left for the other.
 */
final class MysqlFilling {

    static final List<String> INSERTS = List.of("insert");

    /** All that there can be. */
    static final List<String> EVENTS = List.of("insert", "raised", "update", "moved");

    private static final List<String> WITHOUT_ERRORS = List.of("insert", "update", "moved");

    private static final List<String> OF_A_COPY = List.of("insert", "update");

    private static final Database DB = Database.MYSQL;

    /**
     * Types whose values another column of the type takes under every {@code sql_mode}: a trigger has that of whoever made
     * it. Dates that are none, and enumerations, may have been let in by another.
     */
    private static final Pattern ALWAYS_TAKEN = Pattern.compile(
            "((tiny|small|medium|big)?int|decimal|(var)?char|(tiny|medium|long)?text|(var)?binary|(tiny|medium|long)?blob)\\b.*",
            Pattern.CASE_INSENSITIVE);

    private MysqlFilling() {}

    static List<Step> create(Place place, Side filled, String registry) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        List<Step> steps = new ArrayList<>(createForInserts(place, filled, registry));
        if (cannotFail(place.site())) {
            steps.add(MysqlGuards.create(
                    place, filled, "update", "BEFORE UPDATE", look.disagrees(), keepUp(look, registry)));
            return steps;
        }
        String record = unlessAgreeing(look.wrong(), MysqlGuards.dirty(look, registry));
        if (look.letsPass()) {
            steps.add(MysqlGuards.create(place, filled, "raised", "AFTER INSERT", look.toBeFilled(), record));
        }
        steps.add(create(place, filled, registry, "update", "BEFORE UPDATE", look.leftBehind()));
        steps.add(MysqlGuards.create(
                place,
                filled,
                "moved",
                "AFTER UPDATE",
                look.letsPass() ? "(" + look.moved() + " OR " + look.leftBehind() + ")" : look.moved(),
                record));
        return steps;
    }

    /** Of a new column that may be set freely: what an insert gives, and what a row has, stays. */
    static List<Step> createForInserts(Place place, Side filled, String registry) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        if (cannotFail(place.site())) {
            String left = "(" + look.toBeFilled() + " AND " + look.disagrees() + ")";
            return List.of(MysqlGuards.create(
                    place, filled, "insert", "BEFORE INSERT", left, fill(look) + hit(look, registry)));
        }
        return List.of(create(place, filled, registry, "insert", "BEFORE INSERT", look.toBeFilled()));
    }

    /** Those of the guard of a change. */
    static List<String> events(ColumnChange change, Site site, Side filled) {
        if (cannotFail(site)) {
            return OF_A_COPY;
        }
        return LeftBehind.letsPass(change, filled) ? EVENTS : WITHOUT_ERRORS;
    }

    private static boolean cannotFail(Site site) {
        return site.isCopy()
                && ALWAYS_TAKEN.matcher(site.oldColumns().get(0).type()).matches();
    }

    /**
     * What becomes of an update after which the two sides of a copy disagree. A row that nothing has filled yet comes here
     * with whatever is changed in it.
     */
    private static String keepUp(LeftBehind look, String registry) {
        return """
                IF %s THEN
                    %s
                  ELSEIF %s THEN
                    %s
                  END IF;""".formatted(
                look.leftBehind(), fill(look) + hit(look, registry), look.moved(), MysqlGuards.dirty(look, registry));
    }

    private static String hit(LeftBehind look, String registry) {
        return look.filled() == Side.NEW ? MysqlGuards.hit(look.place(), registry) : "";
    }

    private static Step create(Place place, Side filled, String registry, String event, String when, String condition) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        String hit = hit(look, registry);
        return MysqlGuards.create(
                place,
                filled,
                event,
                when,
                condition,
                compute(look, registry, when.endsWith("INSERT"))
                        + (hit.isEmpty() ? "" : "IF segue_stale THEN\n    " + hit + "\n  END IF;\n  ")
                        + "END;");
    }

    /**
     * Computes the side. Nothing is locked meanwhile, so that a deadlock stays what it is.
     *
     * <p>If the conversion raises an error, or the value would not come back from it, the writer goes on as long as NEW is not
     * sealed, and no longer.
     */
    private static String compute(LeftBehind look, String registry, boolean insert) {
        String refuse = """
                SET segue_why = LEFT(CONCAT(%s, segue_why), %d);
                      %s
                      RESIGNAL SET MESSAGE_TEXT = segue_why;""".formatted(
                        DB.literal(look.raised()),
                        MysqlGuards.LONGEST_MESSAGE,
                        MysqlFailure.prepared(LeftBehind.columns(look.place().site(), look.filled())));
        return """
                BEGIN
                  DECLARE segue_stale BOOLEAN;
                  BEGIN
                    DECLARE segue_why TEXT;
                    DECLARE EXIT HANDLER FOR SQLEXCEPTION
                    BEGIN
                      GET STACKED DIAGNOSTICS CONDITION 1 segue_why = MESSAGE_TEXT;
                      %s
                    END;
                    SET segue_stale = %s;
                    IF segue_stale THEN
                      %s
                    END IF;
                    %s
                  END;
                """.formatted(
                        look.letsPass() ? unlessSealed(look, registry, insert, refuse) : refuse,
                        look.disagrees(),
                        fill(look),
                        unlessLost(look));
    }

    private static String unlessLost(LeftBehind look) {
        return look.lost().equals(LeftBehind.NEVER) ? "" : refusal(look.lost(), look);
    }

    private static String refusal(String condition, LeftBehind look) {
        return "IF %s THEN\n      SIGNAL SQLSTATE '22000' SET MESSAGE_TEXT = %s;\n    END IF;\n    "
                .formatted(condition, DB.literal(look.unfit()));
    }

    private static String unlessSealed(LeftBehind look, String registry, boolean insert, String refuse) {
        StringBuilder leave = new StringBuilder();
        for (Column column : LeftBehind.columns(look.place().site(), look.filled())) {
            String quoted = DB.quote(column.name());
            leave.append("SET NEW.%s = %s; ".formatted(quoted, insert ? "NULL" : "OLD." + quoted));
        }
        return """
                IF EXISTS (%s) THEN
                        SET segue_stale = TRUE; %s
                      ELSE
                        %s
                      END IF;""".formatted(look.unsealed(registry, insert), leave, refuse);
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

    private static String fill(LeftBehind look) {
        Site site = look.place().site();
        List<Column> target = LeftBehind.columns(site, look.filled());
        List<String> values = look.filled() == Side.NEW ? site.toNew(DB, "NEW.") : site.toOld(DB, "NEW.");
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < target.size(); i++) {
            Column column = target.get(i);
            // A text that is too long for its column raises what is no exception to a handler.
            RoundTrip.tooLong(values.get(i), column.type())
                    .filter(tooLong -> !site.isCopy())
                    .ifPresent(tooLong -> body.append(refusal(tooLong, look)));
            body.append("SET NEW.%s = %s;\n  ".formatted(DB.quote(column.name()), values.get(i)));
        }
        return body.toString();
    }
}

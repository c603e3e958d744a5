package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The guard on PostgreSQL that fills the side that was left behind: for each direction four triggers, or two.
 *
 * <ol>
 *   <li>{@code insert}, BEFORE INSERT, gives a row the side that it was not given: in time for NOT NULL.
 *   <li>{@code check}, AFTER INSERT, repairs what a trigger that ran after it, by its name, has changed.
 *   <li>{@code update}, AFTER UPDATE, brings the side up to date that was left behind. Without OF, because a trigger may
 *       have changed the column where the statement did not name it. AFTER, because a BEFORE trigger costs each
 *       two-sided update three times as much.
 *   <li>{@code moved}, AFTER UPDATE, records a row that disagrees and has got another key: it may have jumped over the
 *       cursor of a pass. It does not repair it, because it cannot know which side holds the truth. What {@code update}
 *       takes care of it leaves alone.
 *   <li>{@code agree}, AFTER INSERT OR UPDATE, stands in for the last three where a column only gets another name: there the
 *       two sides can be compared in a condition, which cannot fail and is all that those who write both have to pay for. A
 *       row that nothing has filled yet sets it off with whatever is changed in it, and then nothing is done.
 * </ol>
 *
 * <p>An update that takes a row to another partition is followed by no AFTER UPDATE, but by an AFTER INSERT, which knows
 * nothing of what the row was. So a partitioned table has one more, {@code cross}, BEFORE UPDATE of those rows that get
 * another key, without which none gets another partition. It does what {@code insert} does.
 *
 * <p>A value that the conversion cannot take does not break its writer before NEW is sealed: the row keeps the side as it
 * is and is recorded.
 *
 * <p>The conditions are short: PostgreSQL reads and prepares each anew for every statement, which takes microseconds, and a
 * statement of one row pays for all of it.
 *
 * <p>A repair leaves both sides in agreement, so it does not set off the triggers again.
 *
 * <p>Of a new column that may be set freely only the first is left: what an insert gives, and what it has, stays.
 */
final class PostgresFilling {

    static final List<String> INSERTS = List.of("insert");

    static final List<String> EVENTS = List.of("insert", "check", "update", "moved");

    static final List<String> OF_A_COPY = List.of("insert", "agree");

    static final String CROSSING = "cross";

    private static final Database DB = Database.POSTGRESQL;

    private PostgresFilling() {}

    static List<String> create(Place place, Side filled, String registry) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        List<String> sql = new ArrayList<>(createForInserts(place, filled, registry));
        sql.addAll(
                place.site().isCopy()
                        ? agree(look, registry)
                        : List.of(
                                PostgresGuards.function(place, filled, "check", check(look, registry)),
                                PostgresGuards.function(place, filled, "update", update(look, registry)),
                                PostgresGuards.function(
                                        place, filled, "moved", unlessLeftBehind(look) + moved(look, registry)),
                                PostgresGuards.trigger(place, filled, "check", "AFTER INSERT", "ROW", suspicious(look)),
                                PostgresGuards.trigger(
                                        place,
                                        filled,
                                        "update",
                                        "AFTER UPDATE",
                                        "ROW",
                                        condition(look, look.leftBehind())),
                                PostgresGuards.trigger(place, filled, "moved", "AFTER UPDATE", "ROW", look.moved())));
        if (place.table().partitioned()) {
            sql.add(PostgresGuards.function(place, filled, CROSSING, complete(look, registry)));
            sql.add(PostgresGuards.trigger(
                    place,
                    filled,
                    CROSSING,
                    "BEFORE UPDATE",
                    "ROW",
                    look.moved() + " AND " + condition(look, look.leftBehind())));
        }
        return sql;
    }

    private static List<String> agree(LeftBehind look, String registry) {
        Place place = look.place();
        String body = "IF TG_OP = 'INSERT' THEN\n  " + check(look, registry) + "\n  ELSIF " + look.leftBehind()
                + " THEN\n  " + update(look, registry) + "\n  ELSIF " + look.moved() + " THEN\n  "
                + moved(look, registry) + "\n  END IF;\n  RETURN NULL;";
        return List.of(
                PostgresGuards.function(place, look.filled(), "agree", body),
                PostgresGuards.trigger(
                        place, look.filled(), "agree", "AFTER INSERT OR UPDATE", "ROW", look.disagrees()));
    }

    private static String check(LeftBehind look, String registry) {
        return repair(look, registry, "");
    }

    private static String update(LeftBehind look, String registry) {
        return repair(look, registry, hit(look.place(), look.filled(), registry));
    }

    private static String repair(LeftBehind look, String registry, String noted) {
        return compute(look, registry, false, recorded(look, registry)) + "IF segue_stale THEN\n  "
                + correct(look.place(), look.filled()) + noted + "END IF;\n  RETURN NULL;\n  END;";
    }

    private static String unlessLeftBehind(LeftBehind look) {
        return "IF " + look.leftBehind() + " THEN\n    RETURN NULL;\n  END IF;\n  ";
    }

    private static String moved(LeftBehind look, String registry) {
        return unlessAgreeing(look.wrong()) + PostgresGuards.dirty(look, registry) + "RETURN NULL;";
    }

    /** Where the side is still left out, a conversion may raise an error, for which a condition has no ear. */
    private static String suspicious(LeftBehind look) {
        return look.letsPass()
                ? "CASE WHEN %s THEN TRUE ELSE %s END".formatted(look.toBeFilled(), look.disagrees())
                : look.disagrees();
    }

    static List<String> createForInserts(Place place, Side filled, String registry) {
        LeftBehind look = new LeftBehind(place, filled, DB);
        return List.of(
                PostgresGuards.function(place, filled, "insert", complete(look, registry)),
                PostgresGuards.trigger(
                        place, filled, "insert", "BEFORE INSERT", "ROW", condition(look, look.toBeFilled())));
    }

    /** Gives a row that is about to be inserted the side that it lacks. */
    private static String complete(LeftBehind look, String registry) {
        List<Column> target = LeftBehind.columns(look.place().site(), look.filled());
        String leave = fill(target, Collections.nCopies(target.size(), "NULL")) + "RETURN NEW;";
        return compute(look, registry, true, leave) + "IF segue_stale THEN\n  "
                + hit(look.place(), look.filled(), registry) + "END IF;\n  RETURN NEW;\n  END;";
    }

    /**
     * On the way to NEW the conversion is not asked here: an error that it raises would not say whose it is. On the way
     * back it is, and spares a call for each row that has just been repaired.
     */
    private static String condition(LeftBehind look, String oneSided) {
        return look.filled() == Side.NEW ? oneSided : oneSided + " AND " + look.disagrees();
    }

    /**
     * Computes the side in the record of the event. As nothing is written meanwhile, the subtransaction of the block gets
     * no number and costs next to nothing.
     *
     * <p>If the conversion raises an error, or the value would not come back from it, the writer goes on as long as NEW is not
     * sealed, and no longer.
     *
     * @param insert whether the row is about to be inserted
     * @param left what is done if the side is left as it is
     */
    private static String compute(LeftBehind look, String registry, boolean insert, String left) {
        Site site = look.place().site();
        return """
                DECLARE
                  segue_stale boolean;
                BEGIN
                  BEGIN
                    segue_stale := %s;
                    IF segue_stale THEN
                      %s
                    END IF;
                    %s
                  EXCEPTION WHEN OTHERS THEN
                    %s
                    RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = %s || SQLERRM;
                  END;
                """.formatted(
                        look.disagrees(),
                        fill(LeftBehind.columns(site, look.filled()), values(site, look.filled(), "NEW.")),
                        unlessLost(look),
                        look.letsPass() ? unlessSealed(look, registry, insert, left) : "",
                        DB.literal(look.raised()));
    }

    private static String unlessLost(LeftBehind look) {
        return look.lost().equals(LeftBehind.NEVER)
                ? ""
                : "IF %s THEN\n      RAISE EXCEPTION USING ERRCODE = 'data_exception', MESSAGE = %s;\n    END IF;\n    "
                        .formatted(look.lost(), DB.literal(look.unfit()));
    }

    private static String unlessSealed(LeftBehind look, String registry, boolean insert, String left) {
        return """
                PERFORM 1 FROM (%s) AS unsealed;
                    IF FOUND THEN
                      %s
                    END IF;""".formatted(look.unsealed(registry, insert), left);
    }

    private static String recorded(LeftBehind look, String registry) {
        return PostgresGuards.dirty(look, registry) + hit(look.place(), look.filled(), registry) + "RETURN NULL;";
    }

    private static String hit(Place place, Side filled, String registry) {
        return filled == Side.NEW ? PostgresGuards.hit(place, registry) : "";
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

    private static List<String> values(Site site, Side filled, String qualifier) {
        return filled == Side.NEW ? site.toNew(DB, qualifier) : site.toOld(DB, qualifier);
    }
}

package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.Exemption;
import dev.segue.lifecycle.Side;
import java.util.List;

/**
 * The guard on MySQL for a conversion that exists only in Java: recording appends the key to {@code segue_dirty}, AFTER
 * the row is written, because only then a generated key is known; refusing raises an error, for an insert already BEFORE,
 * so that the writer is not told about a NOT NULL instead.
 *
 * <p>A trigger cannot see which columns a statement names. So an update that gives one side the value that it has, and
 * leaves the other behind, is not refused here.
 */
final class MysqlWatching {

    static final List<String> RECORDING = List.of("rec_insert", "rec_update");

    static final List<String> REFUSING = List.of("ref_first", "ref_insert", "ref_update");

    private static final Database DB = Database.MYSQL;

    private final Place place;
    private final Side filled;
    private final String registry;
    private final LeftBehind look;

    MysqlWatching(Place place, Side filled, String registry) {
        this.place = place;
        this.filled = filled;
        this.registry = registry;
        this.look = new LeftBehind(place, filled, DB);
    }

    List<Step> record() {
        return List.of(
                create("rec_insert", "AFTER INSERT", look.maybeLeftOut(), hit() + dirty()),
                create(
                        "rec_update",
                        "AFTER UPDATE",
                        "(" + look.leftBehind() + " OR " + look.moved() + ")",
                        hit().isEmpty() ? dirty() : onlyIf(look.leftBehind(), hit()) + dirty()));
    }

    List<Step> refuse() {
        return List.of(
                create(
                        "ref_first",
                        "BEFORE INSERT",
                        look.leftOut(),
                        MysqlFailure.prepared(LeftBehind.columns(place.site(), filled)) + signal()),
                create("ref_insert", "AFTER INSERT", look.maybeLeftOut(), onlyIf(look.leftOut(), signal()) + dirty()),
                create(
                        "ref_update",
                        "AFTER UPDATE",
                        "(" + look.leftBehind() + " OR " + look.moved() + ")",
                        onlyIf(look.leftBehind(), signal()) + dirty()));
    }

    private Step create(String event, String when, String condition, String then) {
        return MysqlGuards.create(place, filled, event, when, Exemption.notExempt(DB) + " AND " + condition, then);
    }

    private static String onlyIf(String condition, String then) {
        return "IF " + condition + " THEN\n    " + then + "\n  END IF;\n  ";
    }

    private String signal() {
        String message = look.refusal();
        int length = Math.min(message.codePointCount(0, message.length()), MysqlGuards.LONGEST_MESSAGE);
        return "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = "
                + DB.literal(message.substring(0, message.offsetByCodePoints(0, length))) + ";";
    }

    private String hit() {
        return filled == Side.NEW ? MysqlGuards.hit(place, registry) : "";
    }

    private String dirty() {
        return MysqlGuards.dirty(look, registry);
    }
}

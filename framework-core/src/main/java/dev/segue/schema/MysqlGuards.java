package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The guard on MySQL. The directions are triggers of their own, so one comes or goes without a gap in the other; and so
 * are the modes: there is no CREATE OR REPLACE TRIGGER, but the second may be added before the first one goes.
 */
final class MysqlGuards implements Dialect.Guards {

    /** What MESSAGE_TEXT holds; more of it is an error of its own. */
    static final int LONGEST_MESSAGE = 128;

    private static final Database DB = Database.MYSQL;

    /** All that there can be of a mode. */
    private static List<String> events(GuardMode mode) {
        return switch (mode) {
            case FILLS_INSERTS -> MysqlFilling.INSERTS;
            case FILLS -> MysqlFilling.EVENTS;
            case RECORDS -> MysqlWatching.RECORDING;
            case REFUSES -> MysqlWatching.REFUSING;
        };
    }

    @Override
    public List<Step> install(Place place, Side filled, GuardMode mode, String registry) {
        List<Step> steps = new ArrayList<>(
                switch (mode) {
                    case FILLS_INSERTS -> MysqlFilling.createForInserts(place, filled, registry);
                    case FILLS -> MysqlFilling.create(place, filled, registry);
                    case RECORDS -> new MysqlWatching(place, filled, registry).record();
                    case REFUSES -> new MysqlWatching(place, filled, registry).refuse();
                });
        for (GuardMode other : GuardMode.values()) {
            List<String> only = events(other).stream()
                    .filter(event -> !events(mode).contains(event))
                    .toList();
            if (!only.isEmpty()) {
                steps.add(drop(place, names(place, filled, only)));
            }
        }
        return steps;
    }

    /** @param when {@code BEFORE INSERT} and its like */
    static Step create(Place place, Side filled, String event, String when, String condition, String then) {
        String name = Names.guard(place.change(), place.site(), filled, event);
        return Step.quick(place.name(), exists(place, List.of(name)), """
                CREATE TRIGGER %s %s ON %s FOR EACH ROW
                IF %s THEN
                  %s
                END IF""".formatted(
                        new TableName(place.name().schema(), name).quoted(DB),
                        when,
                        place.name().quoted(DB),
                        condition,
                        then));
    }

    @Override
    public List<Step> remove(Place place, Side filled) {
        return List.of(drop(place, names(place, filled)));
    }

    private static Step drop(Place place, List<String> names) {
        return Step.quick(
                place.name(),
                "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + exists(place, names) + ")",
                statements(place, names).toArray(String[]::new));
    }

    static List<String> dropAll(Place place, Side filled) {
        return statements(place, names(place, filled));
    }

    private static List<String> statements(Place place, List<String> names) {
        return names.stream()
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
        return names(
                place,
                filled,
                Arrays.stream(GuardMode.values())
                        .flatMap(mode -> events(mode).stream())
                        .distinct()
                        .toList());
    }

    private static List<String> names(Place place, Side filled, List<String> events) {
        return events.stream()
                .map(event -> Names.guard(place.change(), place.site(), filled, event))
                .toList();
    }

    private static String exists(Place place, List<String> names) {
        return exists(place.name().schema(), names);
    }

    private static String exists(@Nullable String schema, List<String> names) {
        return "SELECT 1 FROM information_schema.triggers WHERE trigger_schema = %s AND trigger_name IN (%s)"
                .formatted(
                        schema == null ? "DATABASE()" : DB.literal(schema),
                        names.stream().map(DB::literal).collect(Collectors.joining(", ")));
    }

    @Override
    public boolean stands(Connection connection, ColumnChange change, Site site, Side filled, GuardMode mode)
            throws SQLException {
        List<String> needed = mode == GuardMode.FILLS ? MysqlFilling.events(change, site, filled) : events(mode);
        List<String> names = needed.stream()
                .map(event -> Names.guard(change, site, filled, event))
                .toList();
        return new Query(connection)
                        .strings(exists(site.table().schema(), names))
                        .size()
                == names.size();
    }

    @Override
    public String registry(Connection connection) throws SQLException {
        return new Query(connection).strings("SELECT DATABASE()").get(0);
    }

    /** USER() is who has logged in; within the trigger CURRENT_USER() is who made it. */
    private static final String WRITER =
            "CONCAT('user ''', SUBSTRING_INDEX(USER(), '@', 1), ''' host ''', SUBSTRING_INDEX(USER(), '@', -1), '''')";

    /** Notes the write. */
    static String hit(Place place, String registry) {
        return """
                INSERT INTO %s (change_id, site, writer, written_at) VALUES (%s, %s, %s, UTC_TIMESTAMP(6));""".formatted(
                        new TableName(registry, "segue_guard_hit").quoted(DB),
                        DB.literal(place.change().id()),
                        DB.literal(place.site().table().toString()),
                        WRITER);
    }

    /** Leaves the row to a worker that converts it. */
    static String dirty(LeftBehind look, String registry) {
        Place place = look.place();
        return """
                INSERT INTO %s (change_id, site, row_key, writer, written_at) VALUES (%s, %s, %s, %s, UTC_TIMESTAMP(6));""".formatted(
                        new TableName(registry, "segue_dirty").quoted(DB),
                        DB.literal(place.change().id()),
                        DB.literal(place.site().table().toString()),
                        look.key(),
                        WRITER);
    }
}

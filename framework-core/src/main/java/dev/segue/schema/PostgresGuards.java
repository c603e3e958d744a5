package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The guard on PostgreSQL. The triggers of each direction and mode have names of their own, so the catalog shows what
 * stands; one mode takes the place of another in one transaction.
 *
 * <p>All conditions stand in WHEN, so a two-sided write calls no function. (But for one statement-level call of a guard
 * that refuses, see {@link PostgresWatching}.)
 */
final class PostgresGuards implements Dialect.Guards {

    private static final Database DB = Database.POSTGRESQL;

    private static final List<String> CROSSINGS =
            List.of(PostgresFilling.CROSSING, PostgresWatching.RECORDED_CROSSING, PostgresWatching.REFUSED_CROSSING);

    private static final List<String> ALL_EVENTS = Stream.of(
                    PostgresFilling.INSERTS,
                    PostgresFilling.EVENTS,
                    PostgresFilling.OF_A_COPY,
                    PostgresWatching.RECORDING,
                    PostgresWatching.REFUSING,
                    CROSSINGS)
            .flatMap(List::stream)
            .distinct()
            .toList();

    private static List<String> events(Site site, GuardMode mode) {
        return switch (mode) {
            case FILLS_INSERTS -> PostgresFilling.INSERTS;
            case FILLS -> site.isCopy() ? PostgresFilling.OF_A_COPY : PostgresFilling.EVENTS;
            case RECORDS -> PostgresWatching.RECORDING;
            case REFUSES -> PostgresWatching.REFUSING;
        };
    }

    /** That of a partitioned table alone. */
    private static Optional<String> crossing(GuardMode mode) {
        return switch (mode) {
            case FILLS_INSERTS -> Optional.empty();
            case FILLS -> Optional.of(PostgresFilling.CROSSING);
            case RECORDS -> Optional.of(PostgresWatching.RECORDED_CROSSING);
            case REFUSES -> Optional.of(PostgresWatching.REFUSED_CROSSING);
        };
    }

    private static List<String> events(Place place, GuardMode mode) {
        List<String> events = new ArrayList<>(events(place.site(), mode));
        if (place.table().partitioned()) {
            crossing(mode).ifPresent(events::add);
        }
        return events;
    }

    @Override
    public List<Step> install(Place place, Side filled, GuardMode mode, String registry) {
        List<String> others = others(place, mode);
        // To drop takes the stronger lock: who has read the table and waits to write it must not meet the weaker one
        // first.
        List<String> sql = new ArrayList<>(drop(place, filled, others));
        sql.addAll(
                switch (mode) {
                    case FILLS_INSERTS -> PostgresFilling.createForInserts(place, filled, registry);
                    case FILLS -> PostgresFilling.create(place, filled, registry);
                    case RECORDS -> new PostgresWatching(place, filled, registry).record();
                    case REFUSES -> new PostgresWatching(place, filled, registry).refuse();
                });
        for (String event : events(place, mode)) {
            sql.add("COMMENT ON TRIGGER %s ON %s IS %s"
                    .formatted(
                            DB.quote(triggerName(place.change(), place.site(), filled, event)),
                            place.name().quoted(DB),
                            DB.literal("Segue guard of change " + place.change().id() + ": " + does(mode) + " the "
                                    + (filled == Side.NEW ? "new" : "old")
                                    + (mode == GuardMode.FILLS_INSERTS
                                            ? " side of an insert that leaves it out"
                                            : " side for those who write only the other"))));
        }
        return List.of(Step.quick(
                place.name(),
                standing(place.name().quoted(DB), place.change(), place.site(), filled, mode) + " AND "
                        + noneOf(place, filled, others),
                sql.toArray(String[]::new)));
    }

    private static String does(GuardMode mode) {
        return switch (mode) {
            case FILLS_INSERTS, FILLS -> "fills";
            case RECORDS -> "has a worker convert";
            case REFUSES -> "asks for";
        };
    }

    private static List<String> others(Place place, GuardMode mode) {
        List<String> events = events(place, mode);
        return ALL_EVENTS.stream().filter(event -> !events.contains(event)).toList();
    }

    @Override
    public List<Step> remove(Place place, Side filled) {
        return List.of(Step.quick(
                place.name(),
                "SELECT 1 WHERE " + noneOf(place, filled, ALL_EVENTS),
                dropAll(place, filled).toArray(String[]::new)));
    }

    private static String noneOf(Place place, Side filled, List<String> events) {
        return "NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname IN (%s))"
                .formatted(
                        DB.literal(place.name().quoted(DB)),
                        triggerNames(place.change(), place.site(), filled, events));
    }

    static List<String> dropAll(Place place, Side filled) {
        return drop(place, filled, ALL_EVENTS);
    }

    private static List<String> drop(Place place, Side filled, List<String> events) {
        List<String> sql = new ArrayList<>();
        for (String event : events) {
            sql.add("DROP TRIGGER IF EXISTS %s ON %s"
                    .formatted(
                            DB.quote(triggerName(place.change(), place.site(), filled, event)),
                            place.name().quoted(DB)));
            sql.add("DROP FUNCTION IF EXISTS " + functionName(place, filled, event) + "()");
        }
        return sql;
    }

    @Override
    public boolean stands(Connection connection, ColumnChange change, Site site, Side filled, GuardMode mode)
            throws SQLException {
        String regclass = site.table().schema() == null
                ? new TableName(registry(connection), site.table().name()).quoted(DB)
                : site.table().quoted(DB);
        return !new Query(connection)
                .strings(standing(regclass, change, site, filled, mode))
                .isEmpty();
    }

    @Override
    public String registry(Connection connection) throws SQLException {
        return new Query(connection).strings("SELECT current_schema()").get(0);
    }

    /** A trigger that somebody has disabled does not stand. */
    private static String standing(String regclass, ColumnChange change, Site site, Side filled, GuardMode mode) {
        String table = DB.literal(regclass);
        String all = standing(table, change, site, filled, events(site, mode));
        return "SELECT 1 WHERE " + all
                + crossing(mode)
                        .map(event -> " AND (NOT EXISTS (SELECT 1 FROM pg_class WHERE oid = to_regclass(" + table
                                + ") AND relkind = 'p') OR " + standing(table, change, site, filled, List.of(event))
                                + ")")
                        .orElse("");
    }

    private static String standing(String table, ColumnChange change, Site site, Side filled, List<String> events) {
        return "(SELECT count(*) FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled IN ('O', 'A') AND tgname IN (%s)) = %d"
                .formatted(table, triggerNames(change, site, filled, events), events.size());
    }

    private static String triggerNames(ColumnChange change, Site site, Side filled, List<String> events) {
        return events.stream()
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

    /**
     * @param when {@code BEFORE INSERT} and its like
     * @param each {@code ROW} or {@code STATEMENT}
     */
    static String trigger(Place place, Side filled, String event, String when, String each, String condition) {
        return "CREATE OR REPLACE TRIGGER %s %s ON %s FOR EACH %s WHEN (%s) EXECUTE FUNCTION %s()"
                .formatted(
                        DB.quote(triggerName(place.change(), place.site(), filled, event)),
                        when,
                        place.name().quoted(DB),
                        each,
                        condition,
                        functionName(place, filled, event));
    }

    /** Any writer may set it off, whatever it is allowed to do, and whatever its search path leads to. */
    static String function(Place place, Side filled, String event, String body) {
        return function(place, filled, event, "SECURITY DEFINER SET search_path = pg_catalog, pg_temp", body);
    }

    static String function(Place place, Side filled, String event, String options, String body) {
        String tag = "$segue$";
        while (body.contains(tag)) {
            tag = tag.substring(0, tag.length() - 1) + "x$";
        }
        return """
                CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql %s AS %s
                BEGIN
                  %s
                END %s""".formatted(functionName(place, filled, event), options, tag, body, tag);
    }

    /** Notes the write. The login, because within the function the current user is the function's owner. */
    static String hit(Place place, String registry) {
        return """
                INSERT INTO %s (change_id, site, writer, written_at) VALUES (%s, %s, %s, clock_timestamp());
                """.formatted(
                        new TableName(registry, "segue_guard_hit").quoted(DB),
                        DB.literal(place.change().id()),
                        DB.literal(place.site().table().toString()),
                        WRITER);
    }

    /** Leaves the row to a worker that converts it. */
    static String dirty(LeftBehind look, String registry) {
        Place place = look.place();
        return """
                INSERT INTO %s (change_id, site, row_key, writer, written_at) VALUES (%s, %s, %s, %s, clock_timestamp());
                """.formatted(
                        new TableName(registry, "segue_dirty").quoted(DB),
                        DB.literal(place.change().id()),
                        DB.literal(place.site().table().toString()),
                        look.key(),
                        WRITER);
    }

    private static final String WRITER = """
            left('user ''' || session_user || '''' || COALESCE(' application '''
              || NULLIF(current_setting('application_name', true), '') || '''', ''), 500)""";
}

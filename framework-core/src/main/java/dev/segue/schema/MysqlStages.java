package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The stages on MySQL. ALGORITHM and LOCK are always said, because without them MySQL copies the table silently. */
final class MysqlStages implements Dialect.Stages {

    private static final Database DB = Database.MYSQL;

    /** Characters of a name. A dropped column stays in the dictionary under a longer one, for which there are 64. */
    static final int LONGEST_DROPPABLE = 48;

    private static final String ONLINE = ", ALGORITHM=INPLACE, LOCK=NONE";

    private static final String INSTANT = ", ALGORITHM=INSTANT";

    private static final String HIDDEN = "extra LIKE '%INVISIBLE%'";

    private static final String HAS_DEFAULT = "column_default IS NOT NULL";

    @Override
    public List<Step> expand(Place place) {
        List<Column> columns = place.site().newColumns();
        return List.of(Step.quick(
                place.name(),
                exactly(columns.size(), place, columns, "TRUE"),
                alter(
                        place,
                        either(columns, column -> !place.table().has(column.name())),
                        column -> "ADD COLUMN " + DB.quote(column.name()) + " " + column.type() + " NULL"
                                + (place.isOneToOne() ? rest(place, place.before()) : ""),
                        INSTANT)));
    }

    @Override
    public List<Step> abandon(Place place) {
        return drop(place, place.site().newColumns(), "");
    }

    /**
     * Every constraint and index with a column goes first: MySQL would not drop the column because of the one, would only
     * take the column out of the other, and could not drop it in an instant. With the column the new one gets what it could
     * not have as long as some write only the old one.
     */
    @Override
    public List<Step> contract(Place place) {
        Set<String> keys = new LinkedHashSet<>();
        Set<String> checks = new LinkedHashSet<>();
        Set<String> indexes = new LinkedHashSet<>();
        for (Column column : place.going()) {
            place.table().attachmentsOn(column.name()).forEach(part -> {
                if (part.kind() == CatalogTable.Attachment.Kind.FOREIGN_KEY) {
                    keys.add(part.name());
                } else if (part.kind() == CatalogTable.Attachment.Kind.CHECK) {
                    checks.add(part.name());
                }
            });
            place.table().indexesOn(column.name()).forEach(index -> indexes.add(index.name()));
        }
        List<Step> steps = new ArrayList<>();
        keys.forEach(name -> steps.add(dropForeignKey(place, name)));
        checks.forEach(name -> steps.add(dropCheck(place, name)));
        indexes.forEach(index -> steps.add(dropIndex(place, index)));
        steps.addAll(drop(place, place.going(), inheritance(place)));
        return steps;
    }

    /** Gives the new column what makes values of the old one, in the statement that drops that. */
    private static String inheritance(Place place) {
        if (place.initial(DB).isEmpty()
                && !(place.isVerbatim() && moving(place, place.before()).contains(" ON UPDATE "))) {
            return "";
        }
        Column heir = place.after();
        String moving = place.isVerbatim()
                ? moving(place, place.before())
                : " DEFAULT (" + place.initial(DB).orElseThrow() + ")";
        boolean mandatory = place.table()
                .column(heir.name())
                .map(column -> column.column().mandatory())
                .orElse(heir.mandatory());
        return "MODIFY COLUMN " + DB.quote(heir.name()) + " " + heir.type() + (mandatory ? " NOT NULL" : " NULL")
                + moving + rest(place, heir) + ", ";
    }

    /**
     * The columns go before the guard, while nobody else can use the table. If the process dies between the two, writes
     * fail until the stage is run again; the other way round, a write of the side that is still there would be lost.
     */
    private static List<Step> drop(Place place, List<Column> columns, String with) {
        List<String> triggers = new ArrayList<>();
        for (Side side : Side.values()) {
            triggers.addAll(MysqlGuards.dropAll(place, side));
        }
        List<String> locked = new ArrayList<>();
        locked.add("LOCK TABLES " + place.name().quoted(DB) + " WRITE");
        locked.add(alter(place)
                + with
                + either(columns, column -> place.table().has(column.name())).stream()
                        .map(column -> "DROP COLUMN " + DB.quote(column.name()))
                        .collect(Collectors.joining(", "))
                + INSTANT);
        locked.addAll(triggers);
        locked.add("UNLOCK TABLES");
        return List.of(
                Step.quick(place.name(), exactly(0, place, columns, "TRUE"), locked.toArray(String[]::new)),
                Step.quick(
                        place.name(),
                        "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + MysqlGuards.anyOf(place) + ")",
                        triggers.toArray(String[]::new)));
    }

    /** Those for which there is something to do, or all of them where a script is only printed. */
    private static List<Column> either(List<Column> columns, Predicate<Column> todo) {
        List<Column> found = columns.stream().filter(todo).toList();
        return found.isEmpty() ? columns : found;
    }

    @Override
    public List<Step> enforce(Place place) {
        List<Step> steps = new ArrayList<>();
        for (Place.Carried carried : place.carried()) {
            steps.add(Step.lengthy(
                    place.name(),
                    index(place, carried.successor()),
                    alter(place) + "ADD " + (carried.index().unique() ? "UNIQUE " : "") + "INDEX "
                            + DB.quote(carried.successor()) + " " + carried.definition(DB) + ONLINE));
        }
        steps.addAll(notNull(place, place.mandatory(), ""));
        for (Place.CarriedPart carried : place.carriedParts()) {
            if (carried.part().kind() == CatalogTable.Attachment.Kind.HISTOGRAM) {
                steps.add(Step.lengthy(
                        place.name(),
                        histogram(place, carried.definition()),
                        "ANALYZE TABLE " + place.name().quoted(DB) + " UPDATE HISTOGRAM ON "
                                + DB.quote(place.after().name()) + " " + carried.definition()));
                continue;
            }
            String add = alter(place) + "ADD CONSTRAINT " + DB.quote(carried.successor()) + " " + carried.definition();
            String unless = constraint(place, carried.successor());
            steps.add(
                    carried.part().kind() == CatalogTable.Attachment.Kind.FOREIGN_KEY
                            // Online only unchecked; the old key has checked the same values, and the new one will from
                            // now.
                            ? Step.quick(
                                    place.name(),
                                    unless,
                                    "SET SESSION foreign_key_checks = 0",
                                    add + ONLINE,
                                    "SET SESSION foreign_key_checks = 1")
                            : Step.quick(place.name(), unless, add + INSTANT));
        }
        return steps;
    }

    @Override
    public List<Step> loosen(Place place) {
        List<Step> steps = new ArrayList<>();
        for (Place.CarriedPart carried : place.carriedParts()) {
            steps.add(
                    switch (carried.part().kind()) {
                        case FOREIGN_KEY -> dropForeignKey(place, carried.successor());
                        case HISTOGRAM -> dropHistogram(place);
                        default -> dropCheck(place, carried.successor());
                    });
        }
        if (!place.mandatory().isEmpty()) {
            // Always run: a NOT NULL whose process is gone may still be building inside the server, and the catalog
            // does
            // not show it yet. This statement queues behind it; where there is nothing to do it does nothing.
            steps.add(Step.lengthy(place.name(), null, modify(place, place.mandatory(), "NULL")));
        }
        for (Place.Carried carried : place.carried()) {
            steps.add(dropIndex(place, carried.successor()));
        }
        return steps;
    }

    /**
     * With a guard that fills OLD there is nothing to do: its BEFORE INSERT gives a NOT NULL column its value in time.
     * Without it the columns become nullable, and do not get a default: a default is a value, and the second one under
     * a unique index fails, as does the first one under a foreign key; NULLs never do. But where a column is retired, and
     * a value is asked for, the default is that value.
     */
    @Override
    public List<Step> relax(Place place, boolean filled, String registry) {
        List<Step> steps = new ArrayList<>();
        List<Column> relaxed = relaxed(place, filled);
        if (!relaxed.isEmpty()) {
            steps.add(Step.lengthy(
                    place.name(),
                    exactly(0, place, relaxed, "is_nullable = 'NO'"),
                    Noted.RELAXED.noted(DB, place, relaxed, registry),
                    modify(place, relaxed, "NULL")));
        }
        place.fills()
                .forEach((column, fill) -> steps.add(Step.quick(
                        place.name(),
                        column(place, column, HAS_DEFAULT),
                        modify(place, column, " DEFAULT (" + fill + ")"))));
        return steps;
    }

    @Override
    public List<Step> tighten(Place place, boolean filled, String registry) {
        List<Step> steps = new ArrayList<>();
        place.fills()
                .keySet()
                .forEach(column -> steps.add(Step.quick(
                        place.name(),
                        "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + column(place, column, HAS_DEFAULT) + ")",
                        modify(place, column, ""))));
        List<Column> relaxed = relaxed(place, filled);
        if (place.kind() != Kind.RETIRE) {
            steps.addAll(notNull(place, relaxed, ""));
        }
        for (Column column : place.kind() == Kind.RETIRE ? relaxed : List.<Column>of()) {
            // Rows that were inserted meanwhile may hold NULL, and keep it; then the column stays nullable.
            String orNulls = " UNION ALL (SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1)"
                    .formatted(place.name().quoted(DB), DB.quote(column.name()));
            steps.addAll(notNull(place, List.of(column), orNulls));
        }
        if (!relaxed.isEmpty()) {
            steps.add(forgotten(Noted.RELAXED, place, registry, relaxed, "is_nullable = 'NO'"));
        }
        return steps;
    }

    private static Step forgotten(Noted noted, Place place, String registry, List<Column> columns, String condition) {
        String again = columns(
                        place,
                        columns,
                        "CAST(information_schema.columns.column_name AS BINARY) = CAST(%s.column_name AS BINARY)"
                                .formatted(noted.table()))
                + " AND " + condition;
        return noted.forgotten(DB, place, registry, again);
    }

    /** Costs no row version, and does not disturb a transaction that has an older snapshot. */
    @Override
    public List<Step> hide(Place place, String registry) {
        List<Column> columns = either(place.going(), column -> !isHidden(place, column));
        return columns.isEmpty()
                ? List.of()
                : List.of(Step.quick(
                        place.name(),
                        exactly(0, place, columns, "NOT " + HIDDEN),
                        Noted.HIDDEN.noted(DB, place, columns, registry),
                        alter(
                                place,
                                columns,
                                column -> "ALTER COLUMN " + DB.quote(column.name()) + " SET INVISIBLE",
                                INSTANT)));
    }

    /** Only what has been hidden for the dry run: what was so before stays so. */
    @Override
    public List<Step> show(Place place, Set<String> hidden, String registry) {
        List<Column> columns = place.going().stream()
                .filter(column -> hidden.isEmpty() ? !isHidden(place, column) : hidden.contains(column.name()))
                .toList();
        return columns.isEmpty()
                ? List.of()
                : List.of(
                        Step.quick(
                                place.name(),
                                exactly(0, place, columns, HIDDEN),
                                alter(
                                        place,
                                        columns,
                                        column -> "ALTER COLUMN " + DB.quote(column.name()) + " SET VISIBLE",
                                        INSTANT)),
                        forgotten(Noted.HIDDEN, place, registry, columns, "NOT " + HIDDEN));
    }

    private static boolean isHidden(Place place, Column column) {
        return rest(place, column).startsWith(" INVISIBLE");
    }

    /** The columns that have to become nullable. */
    private static List<Column> relaxed(Place place, boolean filled) {
        return filled && place.kind() != Kind.RETIRE ? List.of() : place.notOmittable();
    }

    /** @param or another reason why there is nothing to do: the rest of a query, or nothing */
    private static List<Step> notNull(Place place, List<Column> columns, String or) {
        return columns.isEmpty()
                ? List.of()
                : List.of(Step.lengthy(
                        place.name(),
                        exactly(columns.size(), place, columns, "is_nullable = 'NO'") + or,
                        modify(place, columns, "NOT NULL")));
    }

    /**
     * Another default, or none, and nothing else. Not by ALTER COLUMN: that gives no default to a text, and one that it
     * drops leaves a nullable column that may not be left out.
     */
    private static String modify(Place place, Column column, String initial) {
        String onUpdate = moving(place, column).replaceFirst("^ DEFAULT .*?(?= ON UPDATE |$)", "");
        return alter(place) + "MODIFY COLUMN " + DB.quote(column.name()) + " " + column.type()
                + (column.mandatory() ? " NOT NULL" : " NULL") + initial + onUpdate + rest(place, column) + INSTANT;
    }

    private static String moving(Place place, Column column) {
        return place.table().column(column.name()).map(CatalogTable.Col::moving).orElse("");
    }

    private static String rest(Place place, Column column) {
        return place.table().column(column.name()).map(CatalogTable.Col::rest).orElse("");
    }

    private static String definition(Place place, Column column) {
        return moving(place, column) + rest(place, column);
    }

    private static String modify(Place place, List<Column> columns, String mandatory) {
        return alter(
                place,
                columns,
                column -> "MODIFY COLUMN " + DB.quote(column.name()) + " " + column.type() + " " + mandatory
                        + definition(place, column),
                ONLINE);
    }

    private static String alter(Place place, List<Column> columns, Function<Column, String> action, String how) {
        return alter(place) + columns.stream().map(action).collect(Collectors.joining(", ")) + how;
    }

    private static String alter(Place place) {
        return "ALTER TABLE " + place.name().quoted(DB) + " ";
    }

    private static Step dropIndex(Place place, String index) {
        return Step.quick(
                place.name(),
                "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + index(place, index) + ")",
                alter(place) + "DROP INDEX " + DB.quote(index) + ONLINE);
    }

    private static Step dropForeignKey(Place place, String name) {
        return Step.quick(
                place.name(),
                "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + constraint(place, name) + ")",
                alter(place) + "DROP FOREIGN KEY " + DB.quote(name) + ONLINE);
    }

    private static Step dropCheck(Place place, String name) {
        return Step.quick(
                place.name(),
                "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + constraint(place, name) + ")",
                alter(place) + "DROP CHECK " + DB.quote(name) + INSTANT);
    }

    private static Step dropHistogram(Place place) {
        return Step.quick(
                place.name(),
                "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + histogram(place, "") + ")",
                "ANALYZE TABLE " + place.name().quoted(DB) + " DROP HISTOGRAM ON "
                        + DB.quote(place.after().name()));
    }

    /** @param definition with that many buckets; empty: with any number */
    private static String histogram(Place place, String definition) {
        String buckets = definition.replaceAll("\\D", "");
        return "SELECT 1 FROM information_schema.column_statistics WHERE %s AND column_name = %s%s"
                .formatted(
                        of(place).replace("table_schema", "schema_name"),
                        DB.literal(place.after().name()),
                        buckets.isEmpty()
                                ? ""
                                : " AND JSON_EXTRACT(histogram, '$.\"number-of-buckets-specified\"') = " + buckets);
    }

    private static String constraint(Place place, String name) {
        return "SELECT 1 FROM information_schema.table_constraints WHERE %s AND constraint_name = %s AND constraint_type IN ('FOREIGN KEY', 'CHECK')"
                .formatted(of(place), DB.literal(name));
    }

    private static String column(Place place, Column column, String condition) {
        return columns(place, List.of(column), condition);
    }

    private static String columns(Place place, List<Column> columns, String condition) {
        String names = columns.stream().map(Column::name).map(DB::literal).collect(Collectors.joining(", "));
        return "SELECT 1 FROM information_schema.columns WHERE %s AND column_name IN (%s) AND %s"
                .formatted(of(place), names, condition);
    }

    /** Finds a row if that many of the columns, no more and no less, meet the condition. */
    private static String exactly(int count, Place place, List<Column> columns, String condition) {
        return "SELECT 1 FROM DUAL WHERE (SELECT COUNT(*) FROM (%s) AS found) = %d"
                .formatted(columns(place, columns, condition), count);
    }

    private static String index(Place place, String index) {
        return "SELECT 1 FROM information_schema.statistics WHERE %s AND index_name = %s"
                .formatted(of(place), DB.literal(index));
    }

    private static String of(Place place) {
        String schema = place.name().schema();
        return "table_schema = %s AND table_name = %s"
                .formatted(
                        schema == null ? "DATABASE()" : DB.literal(schema),
                        DB.literal(place.name().name()));
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The stages on PostgreSQL. None of the statements rewrites the table or scans it under an exclusive lock. */
final class PostgresStages implements Dialect.Stages {

    private static final Database DB = Database.POSTGRESQL;

    @Override
    public List<Step> expand(Place place) {
        List<Column> columns = place.site().newColumns();
        return List.of(Step.quick(
                place.name(),
                exactly(columns.size(), place, columns, "true"),
                alter(
                        place,
                        columns,
                        column -> "ADD COLUMN IF NOT EXISTS " + DB.quote(column.name()) + " " + column.type())));
    }

    @Override
    public List<Step> abandon(Place place) {
        return List.of(drop(place, place.site().newColumns()));
    }

    @Override
    public List<Step> contract(Place place) {
        return List.of(drop(place, place.going()));
    }

    /** Guard and columns go in one transaction: between the two a write would fail, or be lost. */
    private static Step drop(Place place, List<Column> columns) {
        List<String> sql = new ArrayList<>();
        for (Side side : Side.values()) {
            sql.addAll(PostgresGuards.dropAll(place, side));
        }
        sql.add(alter(place, columns, column -> "DROP COLUMN IF EXISTS " + DB.quote(column.name())));
        return Step.quick(place.name(), exactly(0, place, columns, "true"), sql.toArray(String[]::new));
    }

    @Override
    public List<Step> enforce(Place place) {
        List<Step> steps = new ArrayList<>();
        for (Place.Carried carried : place.carried()) {
            String keys = carried.keys().stream().map(key -> key.quoted(DB)).collect(Collectors.joining(", "));
            steps.add(Step.lengthy(
                    place.name(),
                    index(place, carried.successor(), "i.indisvalid"),
                    // A build that was killed leaves an index that costs every write and serves no read.
                    dropIndex(place, carried.successor()),
                    "CREATE " + (carried.index().unique() ? "UNIQUE " : "") + "INDEX CONCURRENTLY "
                            + DB.quote(carried.successor()) + " ON "
                            + place.name().quoted(DB) + " (" + keys + ")"));
        }
        place.mandatory().forEach(column -> steps.addAll(notNull(place, column.name(), "")));
        return steps;
    }

    /**
     * NOT NULL without a scan under an exclusive lock: a check that is validated first proves it.
     *
     * @param or another reason why there is nothing to do: the rest of a query, or nothing
     */
    private static List<Step> notNull(Place place, String column, String or) {
        String check = Names.notNull(place.change(), place.site(), column);
        String already = column(place, column, "a.attnotnull");
        return List.of(
                Step.quick(
                        place.name(),
                        already + " UNION ALL " + constraint(place, check, "true") + or,
                        alter(place) + "ADD CONSTRAINT " + DB.quote(check) + " CHECK (" + DB.quote(column)
                                + " IS NOT NULL) NOT VALID"),
                Step.lengthy(
                        place.name(),
                        already + " UNION ALL " + constraint(place, check, "co.convalidated") + or,
                        alter(place) + "VALIDATE CONSTRAINT " + DB.quote(check)),
                Step.quick(
                        place.name(),
                        already + " AND NOT EXISTS (" + constraint(place, check, "true") + ")" + or,
                        alter(place) + "ALTER COLUMN " + DB.quote(column) + " SET NOT NULL",
                        alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check)));
    }

    private static Step nullable(Place place, String column) {
        String check = Names.notNull(place.change(), place.site(), column);
        return Step.quick(
                place.name(),
                column(place, column, "NOT a.attnotnull") + " AND NOT EXISTS (" + constraint(place, check, "true")
                        + ")",
                alter(place) + "ALTER COLUMN " + DB.quote(column) + " DROP NOT NULL",
                alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check));
    }

    @Override
    public List<Step> loosen(Place place) {
        List<Step> steps = new ArrayList<>();
        place.mandatory().forEach(column -> steps.add(nullable(place, column.name())));
        for (Place.Carried carried : place.carried()) {
            steps.add(Step.lengthy(
                    place.name(),
                    "SELECT 1 WHERE NOT EXISTS (" + index(place, carried.successor(), "true") + ")",
                    dropIndex(place, carried.successor())));
        }
        return steps;
    }

    @Override
    public List<Step> relax(Place place, boolean filled) {
        List<Step> steps = new ArrayList<>();
        List<Column> relaxed = place.kind() == Kind.RETIRE
                ? place.notOmittable()
                : place.going().stream().filter(Column::mandatory).toList();
        if (!relaxed.isEmpty()) {
            steps.add(Step.quick(
                    place.name(),
                    exactly(0, place, relaxed, "a.attnotnull"),
                    alter(place, relaxed, column -> "ALTER COLUMN " + DB.quote(column.name()) + " DROP NOT NULL")));
        }
        place.fills()
                .forEach((column, fill) -> steps.add(Step.quick(
                        place.name(),
                        column(place, column.name(), "a.atthasdef"),
                        alter(place) + "ALTER COLUMN " + DB.quote(column.name()) + " SET DEFAULT " + fill)));
        return steps;
    }

    @Override
    public List<Step> tighten(Place place, boolean filled) {
        List<Step> steps = new ArrayList<>();
        if (place.kind() != Kind.RETIRE) {
            place.going().stream()
                    .filter(Column::mandatory)
                    .forEach(column -> steps.addAll(notNull(place, column.name(), "")));
            return steps;
        }
        place.fills()
                .keySet()
                .forEach(column -> steps.add(Step.quick(
                        place.name(),
                        column(place, column.name(), "NOT a.atthasdef"),
                        alter(place) + "ALTER COLUMN " + DB.quote(column.name()) + " DROP DEFAULT")));
        for (Column column : place.notOmittable()) {
            // Rows that were inserted meanwhile may hold NULL, and keep it; then the column stays nullable.
            String orNulls = " UNION ALL (SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1)"
                    .formatted(place.name().quoted(DB), DB.quote(column.name()));
            steps.addAll(notNull(place, column.name(), orNulls));
            String check = Names.notNull(place.change(), place.site(), column.name());
            steps.add(Step.quick(
                    place.name(),
                    "SELECT 1 WHERE NOT EXISTS (" + constraint(place, check, "true") + ")",
                    alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check)));
        }
        return steps;
    }

    private static String alter(Place place) {
        return "ALTER TABLE " + place.name().quoted(DB) + " ";
    }

    private static String alter(Place place, List<Column> columns, Function<Column, String> action) {
        return alter(place) + columns.stream().map(action).collect(Collectors.joining(", "));
    }

    private static String dropIndex(Place place, String index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + new TableName(place.name().schema(), index).quoted(DB);
    }

    private static String column(Place place, String column, String condition) {
        return columns(place, DB.literal(column), condition);
    }

    private static String columns(Place place, String names, String condition) {
        return "SELECT 1 FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attname IN (%s) AND NOT a.attisdropped AND %s"
                .formatted(DB.literal(place.name().quoted(DB)), names, condition);
    }

    /** Finds a row if that many of the columns, no more and no less, meet the condition. */
    private static String exactly(int count, Place place, List<Column> columns, String condition) {
        String names = columns.stream().map(Column::name).map(DB::literal).collect(Collectors.joining(", "));
        return "SELECT 1 WHERE (SELECT count(*) FROM (%s) found) = %d"
                .formatted(columns(place, names, condition), count);
    }

    private static String constraint(Place place, String constraint, String condition) {
        return "SELECT 1 FROM pg_constraint co WHERE co.conrelid = %s::regclass AND co.conname = %s AND %s"
                .formatted(DB.literal(place.name().quoted(DB)), DB.literal(constraint), condition);
    }

    private static String index(Place place, String index, String condition) {
        return "SELECT 1 FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND ic.relname = %s AND %s"
                .formatted(DB.literal(place.name().quoted(DB)), DB.literal(index), condition);
    }
}

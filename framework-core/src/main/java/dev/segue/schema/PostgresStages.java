package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The stages on PostgreSQL. None of the statements rewrites the table or scans it under an exclusive lock. */
final class PostgresStages implements Dialect.Stages {

    private static final Database DB = Database.POSTGRESQL;

    @Override
    public List<Step> expand(Place place) {
        Column column = place.newColumn();
        return List.of(Step.quick(
                place.name(),
                column(place, column.name(), "true"),
                alter(place) + "ADD COLUMN IF NOT EXISTS " + DB.quote(column.name()) + " " + column.type()));
    }

    @Override
    public List<Step> abandon(Place place) {
        return List.of(drop(place, place.newColumn().name()));
    }

    @Override
    public List<Step> contract(Place place) {
        return List.of(drop(place, place.oldColumn().name()));
    }

    /** Guard and column go in one transaction: between the two a write would fail, or be lost. */
    private static Step drop(Place place, String column) {
        List<String> sql = new ArrayList<>();
        for (Side side : Side.values()) {
            sql.addAll(PostgresGuards.dropAll(place, side));
        }
        sql.add(alter(place) + "DROP COLUMN IF EXISTS " + DB.quote(column));
        return Step.quick(
                place.name(),
                "SELECT 1 WHERE NOT EXISTS (" + column(place, column, "true") + ")",
                sql.toArray(String[]::new));
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
        if (place.newColumn().mandatory()) {
            steps.addAll(notNull(place, place.newColumn().name()));
        }
        return steps;
    }

    /** NOT NULL without a scan under an exclusive lock: a check that is validated first proves it. */
    private static List<Step> notNull(Place place, String column) {
        String check = Names.notNull(place.change(), place.site(), column);
        String already = column(place, column, "a.attnotnull");
        return List.of(
                Step.quick(
                        place.name(),
                        already + " UNION ALL " + constraint(place, check, "true"),
                        alter(place) + "ADD CONSTRAINT " + DB.quote(check) + " CHECK (" + DB.quote(column)
                                + " IS NOT NULL) NOT VALID"),
                Step.lengthy(
                        place.name(),
                        already + " UNION ALL " + constraint(place, check, "co.convalidated"),
                        alter(place) + "VALIDATE CONSTRAINT " + DB.quote(check)),
                Step.quick(
                        place.name(),
                        already + " AND NOT EXISTS (" + constraint(place, check, "true") + ")",
                        alter(place) + "ALTER COLUMN " + DB.quote(column) + " SET NOT NULL",
                        alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check)));
    }

    @Override
    public List<Step> loosen(Place place) {
        List<Step> steps = new ArrayList<>();
        if (place.newColumn().mandatory()) {
            String column = place.newColumn().name();
            String check = Names.notNull(place.change(), place.site(), column);
            steps.add(Step.quick(
                    place.name(),
                    column(place, column, "NOT a.attnotnull") + " AND NOT EXISTS (" + constraint(place, check, "true")
                            + ")",
                    alter(place) + "ALTER COLUMN " + DB.quote(column) + " DROP NOT NULL",
                    alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check)));
        }
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
        Column column = place.oldColumn();
        return column.mandatory()
                ? List.of(Step.quick(
                        place.name(),
                        "SELECT 1 WHERE NOT EXISTS (" + column(place, column.name(), "a.attnotnull") + ")",
                        alter(place) + "ALTER COLUMN " + DB.quote(column.name()) + " DROP NOT NULL"))
                : List.of();
    }

    @Override
    public List<Step> tighten(Place place, boolean filled) {
        return place.oldColumn().mandatory() ? notNull(place, place.oldColumn().name()) : List.of();
    }

    private static String alter(Place place) {
        return "ALTER TABLE " + place.name().quoted(DB) + " ";
    }

    private static String dropIndex(Place place, String index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + new TableName(place.name().schema(), index).quoted(DB);
    }

    private static String column(Place place, String column, String condition) {
        return "SELECT 1 FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attname = %s AND NOT a.attisdropped AND %s"
                .formatted(DB.literal(place.name().quoted(DB)), DB.literal(column), condition);
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

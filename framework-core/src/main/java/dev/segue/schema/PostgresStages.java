package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The stages on PostgreSQL. None of the statements rewrites the table or scans it under an exclusive lock. */
final class PostgresStages implements Dialect.Stages {

    private static final Database DB = Database.POSTGRESQL;

    @Override
    public List<Step> expand(Place place) {
        List<Column> columns = place.site().newColumns();
        List<String> sql = new ArrayList<>();
        sql.add(alter(
                place, columns, column -> "ADD COLUMN IF NOT EXISTS " + DB.quote(column.name()) + " " + column.type()));
        if (place.isOneToOne()) {
            sql.addAll(extras(place));
        }
        return List.of(
                Step.quick(place.name(), exactly(columns.size(), place, columns, "true"), sql.toArray(String[]::new)));
    }

    /** What is said of the old column elsewhere, said of the new one. */
    private static List<String> extras(Place place) {
        CatalogTable.Extras extras = place.extras(place.before());
        String table = place.name().quoted(DB);
        String column = DB.quote(place.after().name());
        List<String> sql = new ArrayList<>();
        extras.settings().stream()
                .filter(setting -> place.isVerbatim() || !setting.matches("SET (STORAGE|COMPRESSION) .*"))
                .forEach(setting -> sql.add(alter(place) + "ALTER COLUMN " + column + " " + setting));
        for (String grant : extras.grants()) {
            String[] privilegeAndRole = grant.split(" ", 2);
            sql.add("GRANT %s (%s) ON %s TO %s".formatted(privilegeAndRole[0], column, table, privilegeAndRole[1]));
        }
        if (extras.comment() != null) {
            sql.add("COMMENT ON COLUMN %s.%s IS %s".formatted(table, column, DB.literal(extras.comment())));
        }
        return sql;
    }

    @Override
    public List<Step> abandon(Place place) {
        return List.of(drop(place, place.site().newColumns(), List.of(), ""));
    }

    /** With the old column goes what it had and the new one could not have as long as some write only the old one. */
    @Override
    public List<Step> contract(Place place) {
        List<String> before = new ArrayList<>();
        if (place.isVerbatim()) {
            String heir = place.name().quoted(DB) + "." + DB.quote(place.after().name());
            place.extras(place.before())
                    .sequences()
                    .forEach(sequence -> before.add("ALTER SEQUENCE " + sequence + " OWNED BY " + heir));
        }
        String initial = place.initial(DB)
                .map(value -> "ALTER COLUMN " + DB.quote(place.after().name()) + " SET DEFAULT " + value + ", ")
                .orElse("");
        List<Step> steps = new ArrayList<>();
        // Each by itself: it takes the other table as well.
        place.references().forEach(key -> steps.add(dropConstraint(key.ownerOr(place.name()), key.name())));
        steps.add(drop(place, place.going(), before, initial));
        return steps;
    }

    /** Guard and columns go in one transaction: between the two a write would fail, or be lost. */
    private static Step drop(Place place, List<Column> columns, List<String> before, String with) {
        List<String> sql = new ArrayList<>();
        for (Side side : Side.values()) {
            sql.addAll(PostgresGuards.dropAll(place, side));
        }
        sql.addAll(before);
        sql.add(alter(place)
                + with
                + columns.stream()
                        .map(column -> "DROP COLUMN IF EXISTS " + DB.quote(column.name()))
                        .collect(Collectors.joining(", ")));
        return Step.quick(place.name(), exactly(0, place, columns, "true"), sql.toArray(String[]::new));
    }

    @Override
    public List<Step> enforce(Place place) {
        List<Step> steps = new ArrayList<>();
        for (Place.Carried carried : place.carried()) {
            steps.addAll(build(place, carried));
        }
        place.mandatory().forEach(column -> steps.addAll(notNull(place, column.name(), "")));
        for (Place.CarriedPart carried : place.carriedParts()) {
            steps.addAll(build(place, carried));
        }
        return steps;
    }

    private static List<Step> build(Place place, Place.Carried carried) {
        CatalogTable.Index index = carried.index();
        String successor = DB.quote(carried.successor());
        List<Step> steps = new ArrayList<>(
                place.table().partitioned()
                        ? PostgresPartitions.build(place, carried)
                        : List.of(built(place.name(), carried.successor(), carried)));
        if (index.constraint() != null) {
            steps.add(Step.quick(
                    place.name(),
                    constraint(place.name(), carried.successor(), "true"),
                    alter(place) + "ADD CONSTRAINT " + successor + " UNIQUE USING INDEX " + successor
                            + index.constraint()));
        }
        if (index.remark() != null) {
            steps.add(
                    index.constraint() == null
                            ? remark(
                                    place.name(),
                                    index.remark(),
                                    "INDEX " + new TableName(place.name().schema(), carried.successor()).quoted(DB),
                                    index(place.name(), carried.successor(), "obj_description(ic.oid, 'pg_class')"))
                            : remarkOnConstraint(place.name(), index.remark(), carried.successor()));
        }
        return steps;
    }

    /** An index over a table that is no table of partitions. */
    static Step built(TableName table, String name, Place.Carried carried) {
        return Step.lengthy(
                table,
                index(table, name, "i.indisvalid"),
                // A build that was killed leaves an index that costs every write and serves no read.
                dropIndex(table, name),
                create(carried, "INDEX CONCURRENTLY " + DB.quote(name) + " ON " + table.quoted(DB)));
    }

    static String create(Place.Carried carried, String what) {
        return "CREATE " + (carried.index().unique() ? "UNIQUE " : "") + what + " " + carried.definition(DB);
    }

    private static List<Step> build(Place place, Place.CarriedPart carried) {
        CatalogTable.Attachment part = carried.part();
        if (part.kind() == CatalogTable.Attachment.Kind.STATISTICS) {
            return statistics(place, carried);
        }
        TableName table = part.ownerOr(place.name());
        String add = alter(table) + "ADD CONSTRAINT " + DB.quote(carried.successor()) + " " + carried.definition();
        List<Step> steps = new ArrayList<>();
        steps.add(Step.quick(
                table,
                constraint(table, carried.successor(), "true"),
                part.isValidated() ? add + CatalogTable.Attachment.NOT_VALID : add));
        if (part.isValidated()) {
            steps.add(Step.lengthy(
                    table,
                    constraint(table, carried.successor(), "co.convalidated"),
                    alter(table) + "VALIDATE CONSTRAINT " + DB.quote(carried.successor())));
        }
        if (part.remark() != null) {
            steps.add(remarkOnConstraint(table, part.remark(), carried.successor()));
        }
        return steps;
    }

    private static List<Step> statistics(Place place, Place.CarriedPart carried) {
        String name = new TableName(place.name().schema(), carried.successor()).quoted(DB);
        List<Step> steps = new ArrayList<>();
        steps.add(Step.quick(
                place.name(),
                statistics(place, carried.successor(), "true"),
                "CREATE STATISTICS " + name + carried.definition() + " FROM "
                        + place.name().quoted(DB)));
        String remark = carried.part().remark();
        if (remark != null) {
            steps.add(remark(
                    place.name(),
                    remark,
                    "STATISTICS " + name,
                    statistics(place, carried.successor(), "obj_description(s.oid, 'pg_statistic_ext')")));
        }
        return steps;
    }

    private static Step remarkOnConstraint(TableName table, String remark, String constraint) {
        return remark(
                table,
                remark,
                "CONSTRAINT " + DB.quote(constraint) + " ON " + table.quoted(DB),
                constraint(table, constraint, "obj_description(co.oid, 'pg_constraint')"));
    }

    /** @param unlessEqual a query whose condition is the comment that is there */
    private static Step remark(TableName table, String remark, String what, String unlessEqual) {
        return Step.quick(
                table, unlessEqual + " = " + DB.literal(remark), "COMMENT ON " + what + " IS " + DB.literal(remark));
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
                        already + " UNION ALL " + constraint(place.name(), check, "true") + or,
                        alter(place) + "ADD CONSTRAINT " + DB.quote(check) + " CHECK (" + DB.quote(column)
                                + " IS NOT NULL) NOT VALID"),
                Step.lengthy(
                        place.name(),
                        already + " UNION ALL " + constraint(place.name(), check, "co.convalidated") + or,
                        alter(place) + "VALIDATE CONSTRAINT " + DB.quote(check)),
                Step.quick(
                        place.name(),
                        already + " AND NOT EXISTS (" + constraint(place.name(), check, "true") + ")" + or,
                        alter(place) + "ALTER COLUMN " + DB.quote(column) + " SET NOT NULL",
                        alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check)));
    }

    private static Step nullable(Place place, String column) {
        String check = Names.notNull(place.change(), place.site(), column);
        return Step.quick(
                place.name(),
                column(place, column, "NOT a.attnotnull") + " AND NOT EXISTS ("
                        + constraint(place.name(), check, "true") + ")",
                alter(place) + "ALTER COLUMN " + DB.quote(column) + " DROP NOT NULL",
                alter(place) + "DROP CONSTRAINT IF EXISTS " + DB.quote(check));
    }

    @Override
    public List<Step> loosen(Place place) {
        List<Step> steps = new ArrayList<>();
        for (Place.CarriedPart carried : place.carriedParts()) {
            steps.add(
                    carried.part().kind() == CatalogTable.Attachment.Kind.STATISTICS
                            ? Step.quick(
                                    place.name(),
                                    "SELECT 1 WHERE NOT EXISTS (" + statistics(place, carried.successor(), "true")
                                            + ")",
                                    "DROP STATISTICS IF EXISTS "
                                            + new TableName(place.name().schema(), carried.successor()).quoted(DB))
                            : dropConstraint(carried.part().ownerOr(place.name()), carried.successor()));
        }
        place.mandatory().forEach(column -> steps.add(nullable(place, column.name())));
        for (Place.Carried carried : place.carried()) {
            if (carried.index().constraint() != null) {
                steps.add(dropConstraint(place.name(), carried.successor()));
            }
            steps.add(
                    place.table().partitioned()
                            ? PostgresPartitions.drop(place, carried.successor())
                            : Step.lengthy(
                                    place.name(),
                                    "SELECT 1 WHERE NOT EXISTS (" + index(place.name(), carried.successor(), "true")
                                            + ")",
                                    dropIndex(place.name(), carried.successor())));
        }
        return steps;
    }

    @Override
    public List<Step> relax(Place place, boolean filled, String registry) {
        List<Step> steps = new ArrayList<>();
        List<Column> relaxed = place.kind() == Kind.RETIRE
                ? place.notOmittable()
                : place.going().stream().filter(Column::mandatory).toList();
        if (!relaxed.isEmpty()) {
            steps.add(Step.quick(
                    place.name(),
                    exactly(0, place, relaxed, "a.attnotnull"),
                    Noted.RELAXED.noted(DB, place, relaxed, registry),
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
    public List<Step> tighten(Place place, boolean filled, String registry) {
        List<Step> steps = new ArrayList<>();
        List<Column> relaxed = place.kind() == Kind.RETIRE
                ? place.notOmittable()
                : place.going().stream().filter(Column::mandatory).toList();
        place.fills()
                .keySet()
                .forEach(column -> steps.add(Step.quick(
                        place.name(),
                        column(place, column.name(), "NOT a.atthasdef"),
                        alter(place) + "ALTER COLUMN " + DB.quote(column.name()) + " DROP DEFAULT")));
        for (Column column : relaxed) {
            // Rows that were inserted while it is retired may hold NULL, and keep it; then it stays nullable.
            String orNulls = place.kind() == Kind.RETIRE
                    ? " UNION ALL (SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1)"
                            .formatted(place.name().quoted(DB), DB.quote(column.name()))
                    : "";
            steps.addAll(notNull(place, column.name(), orNulls));
            if (place.kind() == Kind.RETIRE) {
                steps.add(dropConstraint(place.name(), Names.notNull(place.change(), place.site(), column.name())));
            }
        }
        if (!relaxed.isEmpty()) {
            String again = columns(place, names(relaxed), "a.attname = column_name AND a.attnotnull");
            steps.add(Noted.RELAXED.forgotten(DB, place, registry, again));
        }
        return steps;
    }

    @Override
    public List<Step> hide(Place place, String registry) {
        return List.of();
    }

    @Override
    public List<Step> show(Place place, Set<String> hidden, String registry) {
        return List.of();
    }

    private static Step dropConstraint(TableName table, String name) {
        return Step.quick(
                table,
                "SELECT 1 WHERE NOT EXISTS (" + constraint(table, name, "true") + ")",
                alter(table) + "DROP CONSTRAINT IF EXISTS " + DB.quote(name));
    }

    private static String alter(Place place) {
        return alter(place.name());
    }

    private static String alter(TableName table) {
        return "ALTER TABLE " + table.quoted(DB) + " ";
    }

    private static String alter(Place place, List<Column> columns, Function<Column, String> action) {
        return alter(place) + columns.stream().map(action).collect(Collectors.joining(", "));
    }

    private static String dropIndex(TableName table, String index) {
        return "DROP INDEX CONCURRENTLY IF EXISTS " + new TableName(table.schema(), index).quoted(DB);
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
        return "SELECT 1 WHERE (SELECT count(*) FROM (%s) found) = %d"
                .formatted(columns(place, names(columns), condition), count);
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).map(DB::literal).collect(Collectors.joining(", "));
    }

    private static String statistics(Place place, String name, String condition) {
        return "SELECT 1 FROM pg_statistic_ext s WHERE s.stxrelid = %s::regclass AND s.stxname = %s AND %s"
                .formatted(DB.literal(place.name().quoted(DB)), DB.literal(name), condition);
    }

    private static String constraint(TableName table, String constraint, String condition) {
        return "SELECT 1 FROM pg_constraint co WHERE co.conrelid = %s::regclass AND co.conname = %s AND %s"
                .formatted(DB.literal(table.quoted(DB)), DB.literal(constraint), condition);
    }

    static String index(TableName table, String index, String condition) {
        return "SELECT 1 FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = %s::regclass AND ic.relname = %s AND %s"
                .formatted(DB.literal(table.quoted(DB)), DB.literal(index), condition);
    }
}

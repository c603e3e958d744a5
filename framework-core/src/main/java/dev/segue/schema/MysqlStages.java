package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The stages on MySQL. ALGORITHM and LOCK are always said, because without them MySQL copies the table silently. */
final class MysqlStages implements Dialect.Stages {

    private static final Database DB = Database.MYSQL;

    private static final String ONLINE = ", ALGORITHM=INPLACE, LOCK=NONE";

    private static final String INSTANT = ", ALGORITHM=INSTANT";

    @Override
    public List<Step> expand(Place place) {
        Column column = place.newColumn();
        return List.of(Step.quick(
                place.name(),
                column(place, column.name(), "TRUE"),
                alter(place) + "ADD COLUMN " + DB.quote(column.name()) + " " + column.type() + " NULL" + INSTANT));
    }

    @Override
    public List<Step> abandon(Place place) {
        return drop(place, place.newColumn().name());
    }

    /**
     * Every index with the column goes first: MySQL would only take the column out of it, and could not drop the column
     * in an instant.
     */
    @Override
    public List<Step> contract(Place place) {
        List<Step> steps = new ArrayList<>();
        for (CatalogTable.Index index :
                place.table().indexesOn(place.oldColumn().name())) {
            steps.add(dropIndex(place, index.name()));
        }
        steps.addAll(drop(place, place.oldColumn().name()));
        return steps;
    }

    /**
     * The column goes before the guard, while nobody else can use the table. If the process dies between the two, writes
     * fail until the stage is run again; the other way round, a write of the side that is still there would be lost.
     */
    private static List<Step> drop(Place place, String column) {
        List<String> triggers = new ArrayList<>();
        for (Side side : Side.values()) {
            triggers.addAll(MysqlGuards.dropAll(place, side));
        }
        List<String> locked = new ArrayList<>();
        locked.add("LOCK TABLES " + place.name().quoted(DB) + " WRITE");
        locked.add(alter(place) + "DROP COLUMN " + DB.quote(column) + INSTANT);
        locked.addAll(triggers);
        locked.add("UNLOCK TABLES");
        return List.of(
                Step.quick(
                        place.name(),
                        "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + column(place, column, "TRUE") + ")",
                        locked.toArray(String[]::new)),
                Step.quick(
                        place.name(),
                        "SELECT 1 FROM DUAL WHERE NOT EXISTS (" + MysqlGuards.anyOf(place) + ")",
                        triggers.toArray(String[]::new)));
    }

    @Override
    public List<Step> enforce(Place place) {
        List<Step> steps = new ArrayList<>();
        for (Place.Carried carried : place.carried()) {
            String keys = carried.keys().stream().map(key -> key.quoted(DB)).collect(Collectors.joining(", "));
            steps.add(Step.lengthy(
                    place.name(),
                    index(place, carried.successor()),
                    alter(place) + "ADD " + (carried.index().unique() ? "UNIQUE " : "") + "INDEX "
                            + DB.quote(carried.successor()) + " (" + keys + ")" + ONLINE));
        }
        Column column = place.newColumn();
        if (column.mandatory()) {
            steps.add(Step.lengthy(
                    place.name(),
                    column(place, column.name(), "is_nullable = 'NO'"),
                    modify(place, column, "NOT NULL")));
        }
        return steps;
    }

    @Override
    public List<Step> loosen(Place place) {
        List<Step> steps = new ArrayList<>();
        if (place.newColumn().mandatory()) {
            // Always run: a NOT NULL whose process is gone may still be building inside the server, and the catalog
            // does
            // not show it yet. This statement queues behind it; where there is nothing to do it does nothing.
            steps.add(Step.lengthy(place.name(), null, modify(place, place.newColumn(), "NULL")));
        }
        for (Place.Carried carried : place.carried()) {
            steps.add(dropIndex(place, carried.successor()));
        }
        return steps;
    }

    /**
     * With a guard that fills OLD there is nothing to do: its BEFORE INSERT gives a NOT NULL column its value in time.
     * Without it the column becomes nullable, and does not get a default: a default is a value, and the second one under
     * a unique index fails, as does the first one under a foreign key; NULLs never do.
     */
    @Override
    public List<Step> relax(Place place, boolean filled) {
        Column column = place.oldColumn();
        return filled || omittable(place)
                ? List.of()
                : List.of(Step.lengthy(
                        place.name(),
                        column(place, column.name(), "is_nullable = 'YES'"),
                        modify(place, column, "NULL")));
    }

    @Override
    public List<Step> tighten(Place place, boolean filled) {
        Column column = place.oldColumn();
        return filled || omittable(place)
                ? List.of()
                : List.of(Step.lengthy(
                        place.name(),
                        column(place, column.name(), "is_nullable = 'NO'"),
                        modify(place, column, "NOT NULL")));
    }

    private static boolean omittable(Place place) {
        Column column = place.oldColumn();
        return !column.mandatory()
                || place.table()
                        .column(column.name())
                        .map(col -> col.initial() != null)
                        .orElse(true);
    }

    private static String modify(Place place, Column column, String mandatory) {
        String rest = place.table()
                .column(column.name())
                .map(CatalogTable.Col::definition)
                .orElse("");
        return alter(place) + "MODIFY COLUMN " + DB.quote(column.name()) + " " + column.type() + " " + mandatory + rest
                + ONLINE;
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

    private static String column(Place place, String column, String condition) {
        return "SELECT 1 FROM information_schema.columns WHERE %s AND column_name = %s AND %s"
                .formatted(of(place), DB.literal(column), condition);
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

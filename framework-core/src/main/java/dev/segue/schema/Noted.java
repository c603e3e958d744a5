package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Old columns from which something has been taken for a while, in the registry: the catalog cannot tell it any more, and a
 * node that is started later has to know it to give it back.
 *
 * @param table of the registry that has them
 */
record Noted(String table) {

    /** What RELAX has taken NOT NULL from. */
    static final Noted RELAXED = new Noted(Notes.RELAXED);

    /** What was visible before the dry run of CONTRACT. */
    static final Noted HIDDEN = new Noted(Notes.HIDDEN);

    /** The statement that notes the columns, before anything is taken; those that are noted stay so. */
    String noted(Database database, Place place, List<Column> columns, String registry) {
        String rows = columns.stream()
                .map(column -> "(%s, %s)".formatted(of(database, place), database.literal(column.name())))
                .collect(Collectors.joining(", "));
        String insert = "INTO " + table(database, registry) + " (change_id, site, column_name) VALUES " + rows;
        return switch (database) {
            case POSTGRESQL -> "INSERT " + insert + " ON CONFLICT DO NOTHING";
            case MYSQL -> "INSERT IGNORE " + insert;
        };
    }

    /** @param again a query that finds a row if {@code column_name} has it again */
    Step forgotten(Database database, Place place, String registry, String again) {
        String rows = "FROM %s WHERE (change_id, site) = (%s) AND EXISTS (%s)"
                .formatted(table(database, registry), of(database, place), again);
        return Step.quick(
                place.name(),
                "SELECT 1 FROM (SELECT 1 AS one) AS here WHERE NOT EXISTS (SELECT 1 " + rows + ")",
                "DELETE " + rows);
    }

    private String table(Database database, String registry) {
        return new TableName(registry, table).quoted(database);
    }

    private static String of(Database database, Place place) {
        return database.literal(place.change().id()) + ", "
                + database.literal(place.site().table().toString());
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What RELAX has taken NOT NULL from, in the registry: the catalog cannot tell it any more, and a node that is started
 * later has to know it to take RELAX back.
 */
final class Relaxed {

    private Relaxed() {}

    /** The statement that notes the columns, before NOT NULL goes; those that are noted stay so. */
    static String noted(Database database, Place place, List<Column> columns, String registry) {
        String rows = columns.stream()
                .map(column -> "(%s, %s)".formatted(of(database, place), database.literal(column.name())))
                .collect(Collectors.joining(", "));
        String insert = "INTO " + table(database, registry) + " (change_id, site, column_name) VALUES " + rows;
        return switch (database) {
            case POSTGRESQL -> "INSERT " + insert + " ON CONFLICT DO NOTHING";
            case MYSQL -> "INSERT IGNORE " + insert;
        };
    }

    /** @param again a query that finds a row if {@code column_name} is NOT NULL again */
    static Step forgotten(Database database, Place place, String registry, String again) {
        String rows = "FROM %s WHERE (change_id, site) = (%s) AND EXISTS (%s)"
                .formatted(table(database, registry), of(database, place), again);
        return Step.quick(
                place.name(),
                "SELECT 1 FROM (SELECT 1 AS one) AS here WHERE NOT EXISTS (SELECT 1 " + rows + ")",
                "DELETE " + rows);
    }

    private static String table(Database database, String registry) {
        return new TableName(registry, Notes.RELAXED).quoted(database);
    }

    private static String of(Database database, Place place) {
        return database.literal(place.change().id()) + ", "
                + database.literal(place.site().table().toString());
    }
}

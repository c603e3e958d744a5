package dev.segue.schema;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An index over a table of partitions, built while the application works, because PostgreSQL builds one at once only while
 * nobody writes:
 *
 * <ol>
 *   <li>An empty one over the table, and over each partition that has partitions. A partition that comes later has its
 *       own from here on.
 *   <li>One over each other partition, concurrently.
 *   <li>Each is made a part of that of its table, the lowest first. With the last one the whole is valid.
 * </ol>
 */
final class PostgresPartitions {

    private static final Database DB = Database.POSTGRESQL;

    private PostgresPartitions() {}

    static List<Step> build(Place place, Place.Carried carried) {
        List<Step> steps = new ArrayList<>();
        List<Step> attached = new ArrayList<>();
        steps.add(empty(place.name(), carried.successor(), carried));
        for (CatalogTable.Partition partition : place.table().partitions()) {
            String name = name(place, carried.successor(), partition.table());
            steps.add(
                    partition.leaf()
                            ? PostgresStages.built(partition.table(), name, carried)
                            : empty(partition.table(), name, carried));
            attached.add(attach(place, carried.successor(), partition));
        }
        Collections.reverse(attached);
        steps.addAll(attached);
        return steps;
    }

    private static Step empty(TableName table, String name, Place.Carried carried) {
        return Step.quick(
                table,
                PostgresStages.index(table, name, "true"),
                PostgresStages.create(carried, "INDEX " + DB.quote(name) + " ON ONLY " + table.quoted(DB)));
    }

    private static Step attach(Place place, String successor, CatalogTable.Partition partition) {
        TableName whole = index(place, successor, partition.of());
        TableName part = index(place, successor, partition.table());
        return Step.quick(
                partition.table(),
                "SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(%s) AND inhparent = to_regclass(%s)"
                        .formatted(DB.literal(part.quoted(DB)), DB.literal(whole.quoted(DB))),
                "ALTER INDEX " + whole.quoted(DB) + " ATTACH PARTITION " + part.quoted(DB));
    }

    /** With an index go those that are a part of it; the others are what an interrupted build has left. */
    static Step drop(Place place, String successor) {
        List<TableName> all = Stream.concat(
                        Stream.of(place.name()),
                        place.table().partitions().stream().map(CatalogTable.Partition::table))
                .map(table -> index(place, successor, table))
                .toList();
        String names = all.stream()
                .map(index -> "to_regclass(" + DB.literal(index.quoted(DB)) + ")")
                .collect(Collectors.joining(", "));
        return Step.quick(
                place.name(),
                "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pg_class WHERE oid IN (" + names + "))",
                all.stream()
                        .map(index -> "DROP INDEX IF EXISTS " + index.quoted(DB))
                        .toArray(String[]::new));
    }

    private static TableName index(Place place, String successor, TableName table) {
        return new TableName(table.schema(), name(place, successor, table));
    }

    private static String name(Place place, String successor, TableName table) {
        return table.equals(place.name()) ? successor : Names.other(successor, table.toString());
    }
}

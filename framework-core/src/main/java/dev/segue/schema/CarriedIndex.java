package dev.segue.schema;

import dev.segue.change.Site;
import dev.segue.database.Database;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An index of the old column that is built again over the new one.
 *
 * @param name of the index that is there
 * @param keys in order
 */
record CarriedIndex(String name, boolean unique, List<Key> keys) {

    /**
     * One key of an index.
     *
     * @param options what follows the column: operator class, direction
     */
    record Key(String column, String options) {}

    CarriedIndex {
        keys = List.copyOf(keys);
    }

    boolean has(String column) {
        return keys.stream().anyMatch(key -> key.column().equals(column));
    }

    /** The keys with the new column where the old one was, as they stand in a statement. */
    String successorKeys(Database database, Site site) {
        String oldColumn = site.oldColumns().get(0).name();
        String newColumn = site.newColumns().get(0).name();
        return keys.stream()
                .map(key -> database.quote(key.column().equals(oldColumn) ? newColumn : key.column()) + key.options())
                .collect(Collectors.joining(", "));
    }
}

package dev.segue.schema;

import java.util.List;

/**
 * An index of the old column that is built again over the new one.
 *
 * @param name of the index that is there
 * @param columns its keys, in order
 */
record CarriedIndex(String name, boolean unique, List<String> columns) {

    CarriedIndex {
        columns = List.copyOf(columns);
    }

    List<String> columnsWith(String oldColumn, String newColumn) {
        return columns.stream()
                .map(column -> column.equals(oldColumn) ? newColumn : column)
                .toList();
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import java.util.List;
import java.util.Optional;

/**
 * What the catalog knows of a table, as far as a change needs it.
 *
 * @param key the columns of the primary key, in order; empty if there is none
 * @param generated names of columns that the database computes
 * @param indexes plain indexes, apart from the primary key's
 * @param entangled by column: what else hangs on it and is not carried over by itself, in words
 */
record CatalogTable(
        List<Column> columns,
        List<String> key,
        List<String> generated,
        List<CarriedIndex> indexes,
        List<Entanglement> entangled) {

    /** Something that hangs on a column: {@code foreign key customer_country_fkey}. */
    record Entanglement(String column, String what) {}

    Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}

package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.database.TableName;
import java.util.List;

/** One site of a change next to what the catalog has there now. */
record Place(ColumnChange change, Site site, CatalogTable table) {

    /** The index over the old column, and the name of the one that carries it over. */
    record Carried(CatalogTable.Index index, String successor, List<CatalogTable.Key> keys) {}

    TableName name() {
        return table.name();
    }

    Column oldColumn() {
        return site.oldColumns().get(0);
    }

    Column newColumn() {
        return site.newColumns().get(0);
    }

    /** The indexes that are built again by Segue; not those that somebody else has built over the new column already. */
    List<Carried> carried() {
        String before = oldColumn().name();
        String after = newColumn().name();
        return table.indexesOn(before).stream()
                .filter(CatalogTable.Index::plain)
                .map(index ->
                        new Carried(index, Names.successor(index.name(), before, after), index.keysWith(before, after)))
                .filter(carried -> table.twin(carried.index(), before, after)
                        .map(twin -> twin.name().equals(carried.successor()))
                        .orElse(true))
                .toList();
    }
}

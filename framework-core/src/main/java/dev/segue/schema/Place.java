package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One site of a change next to what the catalog has there now. */
record Place(ColumnChange change, Site site, CatalogTable table) {

    /** How the options of a key look that any type can have: {@code  DESC NULLS LAST}. */
    private static final String ORDER = "( DESC)?( NULLS (FIRST|LAST))?";

    /** The index over the old column, and the name of the one that carries it over. */
    record Carried(CatalogTable.Index index, String successor, List<CatalogTable.Key> keys) {}

    TableName name() {
        return table.name();
    }

    Kind kind() {
        return change.kind();
    }

    /** Whether one column takes the place of one other: only then it is clear where an index on it belongs. */
    boolean isOneToOne() {
        return kind() == Kind.REPLACE
                && site.oldColumns().size() == 1
                && site.newColumns().size() == 1;
    }

    /** The columns that are dropped in the end; the sources of a new column stay. */
    List<Column> going() {
        return kind() == Kind.INTRODUCE ? List.of() : site.oldColumns();
    }

    /** Whether the columns that go are gone. */
    boolean isContracted() {
        return !going().isEmpty() && going().stream().noneMatch(column -> table.has(column.name()));
    }

    /** The new columns that become NOT NULL. */
    List<Column> mandatory() {
        return site.newColumns().stream().filter(Column::mandatory).toList();
    }

    boolean hasDefault(Column column) {
        return table.column(column.name()).map(col -> col.initial() != null).orElse(false);
    }

    /**
     * The retired columns that get a default, and it: what a row holds that was not given a value. A column that holds
     * NULL then needs none.
     */
    Map<Column, String> fills() {
        Map<Column, String> fills = new LinkedHashMap<>();
        if (kind() == Kind.RETIRE && site.form() instanceof SqlForm form) {
            for (int i = 0; i < site.oldColumns().size(); i++) {
                if (!isNull(form.toOld().get(i))) {
                    fills.put(site.oldColumns().get(i), form.toOld().get(i));
                }
            }
        }
        return fills;
    }

    /** The columns that go and cannot be left out as they are: NOT NULL without a default, and none to come. */
    List<Column> notOmittable() {
        return going().stream()
                .filter(column -> column.mandatory() && !hasDefault(column))
                .filter(column -> !fills().containsKey(column))
                .toList();
    }

    static boolean isNull(String expression) {
        return expression.strip().equalsIgnoreCase("NULL");
    }

    /** The indexes that are built again by Segue; not those that somebody else has built over the new column already. */
    List<Carried> carried() {
        if (!isOneToOne()) {
            return List.of();
        }
        String before = site.oldColumns().get(0).name();
        String after = site.newColumns().get(0).name();
        return table.indexesOn(before).stream()
                .filter(this::isCarried)
                .map(index ->
                        new Carried(index, Names.successor(index.name(), before, after), index.keysWith(before, after)))
                .filter(carried -> table.twin(carried.index(), before, after)
                        .map(twin -> twin.name().equals(carried.successor()))
                        .orElse(true))
                .toList();
    }

    /** Whether an index on the old column says the same of the new one: a list of columns that suits its type. */
    boolean isCarried(CatalogTable.Index index) {
        if (!isOneToOne() || !index.plain()) {
            return false;
        }
        Column before = site.oldColumns().get(0);
        return before.type().equals(site.newColumns().get(0).type())
                || index.keys().stream()
                        .filter(key -> key.column().equals(before.name()))
                        .allMatch(key -> key.options().matches(ORDER));
    }
}

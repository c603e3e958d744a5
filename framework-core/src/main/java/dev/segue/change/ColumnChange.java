package dev.segue.change;

import dev.segue.lifecycle.Kind;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One change of one attribute, as resolved against the catalog.
 *
 * @param id the name under which configuration, operator and journal know it: {@code customer-full-name}
 * @param kind what it does to the attribute
 * @param sites its tables, at least one
 */
public record ColumnChange(String id, Kind kind, List<Site> sites) {

    public ColumnChange {
        sites = List.copyOf(sites);
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("Change '" + id + "' has no table.");
        }
    }

    /** What must not change while the change is under way, as one line of text. */
    public String definition() {
        String prefix = kind == Kind.REPLACE ? "" : kind.id() + " ";
        return sites.stream()
                .map(site -> prefix + site.table() + "(" + names(site.oldColumns()) + ")->(" + names(site.newColumns())
                        + ")")
                .sorted()
                .collect(Collectors.joining("; "));
    }

    /** Whether the database itself can compute one side from the other, on every table. */
    public boolean isSql() {
        return sites.stream().allMatch(Site::isSql);
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(","));
    }
}

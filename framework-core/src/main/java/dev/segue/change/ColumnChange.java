package dev.segue.change;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One change of one attribute, as resolved against the catalog.
 *
 * @param id the name under which configuration, operator and journal know it: {@code customer-full-name}
 * @param sites its tables, at least one
 */
public record ColumnChange(String id, List<Site> sites) {

    public ColumnChange {
        sites = List.copyOf(sites);
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("Change '" + id + "' has no table.");
        }
    }

    /** What must not change while the change is under way, as one line of text. */
    public String definition() {
        return sites.stream()
                .map(site -> site.table() + "(" + names(site.oldColumns()) + ")->(" + names(site.newColumns()) + ")")
                .sorted()
                .collect(Collectors.joining("; "));
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(Column::name).collect(Collectors.joining(","));
    }
}

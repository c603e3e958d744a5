package dev.segue.change;

import java.util.List;

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
}

package dev.segue.change;

/**
 * A column as the catalog has it, or will have it.
 *
 * @param name in the case of the catalog
 * @param type as the catalog names it, with length, precision and collation: {@code character varying(200)}
 * @param mandatory whether it is NOT NULL (of a new column: whether it becomes so in the end)
 */
public record Column(String name, String type, boolean mandatory) {}

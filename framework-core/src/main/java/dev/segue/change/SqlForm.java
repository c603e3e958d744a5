package dev.segue.change;

import java.util.List;

/**
 * A conversion said in SQL, both ways. Its expressions run inside the database: in the backfill, in the guard trigger
 * and in queries.
 *
 * <p>{@code {column_name}} stands for a column of the other side. In a form between one column and one column
 * {@code {old}} and {@code {new}} stand for them, so that one form serves many attributes.
 *
 * @param toNew one expression over the old columns for each new column
 * @param toOld one expression over the new columns for each old column
 */
public record SqlForm(List<String> toNew, List<String> toOld) implements Form {

    /** The form of a rename: the value itself. */
    public static final SqlForm SAME = of("{old}", "{new}");

    public SqlForm {
        toNew = List.copyOf(toNew);
        toOld = List.copyOf(toOld);
    }

    /** A form between one column and one column. */
    public static SqlForm of(String toNew, String toOld) {
        return new SqlForm(List.of(toNew), List.of(toOld));
    }
}

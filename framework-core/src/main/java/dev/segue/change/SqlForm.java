package dev.segue.change;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]+)}");

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

    /**
     * An expression with something in the place of its placeholders.
     *
     * @param text what stands for a placeholder, which it is given without its braces
     */
    public static String fill(String expression, UnaryOperator<String> text) {
        return PLACEHOLDER
                .matcher(expression)
                .replaceAll(match -> Matcher.quoteReplacement(text.apply(match.group(1))));
    }
}

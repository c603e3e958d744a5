package dev.segue.change;

import java.util.List;

/**
 * What a conversion in SQL has to agree with: the same conversion in Java. The two are held against each other over a few
 * values before anything is changed.
 *
 * <p>Of a value for which the Java form throws, it says nothing.
 *
 * @param java between the column values of both sides
 * @param before for each old column values that are worth a look beside those of its type, as JDBC takes them
 * @param after the same for each new column
 */
public record Counterpart(JavaForm java, List<List<Object>> before, List<List<Object>> after) {

    public Counterpart {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}

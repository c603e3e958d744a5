package dev.segue.change;

import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One table of a change: its key and its columns before and after. An attribute of a mapped superclass has one site a
 * table.
 *
 * <p>If the conversion has an SQL form, it also says the change in SQL for its columns; a qualifier is what stands before
 * a column's name, with its dot: {@code "t."}, {@code "NEW."} or nothing. For a form in Java these methods throw an
 * {@link IllegalStateException}.
 *
 * @param key the columns of the primary key, in its order
 * @param oldColumns the columns before; of a new attribute the columns that stay and that its value comes from, if any
 * @param newColumns the columns after; none if the attribute only goes
 * @param form how the values of one side become those of the other
 */
public record Site(TableName table, List<Column> key, List<Column> oldColumns, List<Column> newColumns, Form form) {

    public Site {
        key = List.copyOf(key);
        oldColumns = List.copyOf(oldColumns);
        newColumns = List.copyOf(newColumns);
        if (key.isEmpty() || (oldColumns.isEmpty() && newColumns.isEmpty())) {
            throw new IllegalArgumentException("A site needs a key, and columns that come or go: " + table);
        }
    }

    /** The value of each new column, computed from the old columns. */
    public List<String> toNew(Database database, String qualifier) {
        return expressions(database, inSql().toNew(), oldColumns, qualifier);
    }

    /** The value of each old column, computed from the new columns. */
    public List<String> toOld(Database database, String qualifier) {
        return expressions(database, inSql().toOld(), newColumns, qualifier);
    }

    /**
     * A condition that is true, never null, when the new columns of a row do not hold what its old columns convert to.
     * Both directions of a repair ask this very question, so that the way back never overwrites an old value that
     * already converts to the new one.
     */
    public String disagrees(Database database, String qualifier) {
        List<String> expected = toNew(database, qualifier);
        return IntStream.range(0, newColumns.size())
                .mapToObj(i -> database.distinct(
                        qualifier + database.quote(newColumns.get(i).name()),
                        expected.get(i),
                        newColumns.get(i).type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** Whether the database itself can compute one side from the other. */
    public boolean isSql() {
        return form instanceof SqlForm;
    }

    private SqlForm inSql() {
        if (form instanceof SqlForm sql) {
            return sql;
        }
        throw new IllegalStateException("The conversion of table " + table + " exists only in Java.");
    }

    private static List<String> expressions(
            Database database, List<String> templates, List<Column> sources, String qualifier) {
        return templates.stream()
                .map(template ->
                        SqlForm.fill(template, placeholder -> qualifier + database.quote(source(placeholder, sources))))
                .toList();
    }

    private static String source(String placeholder, List<Column> sources) {
        boolean single = placeholder.equals("old") || placeholder.equals("new");
        if (single && sources.size() == 1) {
            return sources.get(0).name();
        }
        return sources.stream()
                .map(Column::name)
                .filter(placeholder::equals)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The SQL form names {" + placeholder
                        + "}, which is none of the columns it may use: "
                        + sources.stream().map(Column::name).toList()));
    }
}

package dev.segue.change;

import dev.segue.database.Database;
import dev.segue.database.RoundTrip;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Side;
import java.util.List;
import java.util.function.Function;
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
        return expressions(inSql().toNew(), oldColumns, named(database, qualifier));
    }

    /** The value of each old column, computed from the new columns. */
    public List<String> toOld(Database database, String qualifier) {
        return expressions(inSql().toOld(), newColumns, named(database, qualifier));
    }

    /**
     * A condition that is true, never null, when the new columns of a row do not hold what its old columns convert to.
     * Both directions of a repair ask this very question, so that the way back never overwrites an old value that
     * already converts to the new one. Where there are no new columns, nothing ever disagrees.
     */
    public String disagrees(Database database, String qualifier) {
        if (newColumns.isEmpty()) {
            return "FALSE";
        }
        List<String> expected = toNew(database, qualifier);
        return IntStream.range(0, newColumns.size())
                .mapToObj(i -> database.distinct(
                        qualifier + database.quote(newColumns.get(i).name()),
                        expected.get(i),
                        newColumns.get(i).type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /**
     * A condition that is true, never null, when the new columns of a row, as they are stored, do not convert back to what
     * its old columns hold.
     */
    public String differsBack(Database database, String qualifier) {
        return isCopy() ? "FALSE" : differs(database, qualifier, oldColumns, toOld(database, qualifier));
    }

    /**
     * A condition that is true, never null, when the value of a row would not come back from a side: once it is converted,
     * stored there and converted back, it is another one.
     *
     * @param side the side that is to be written
     */
    public String lost(Database database, String qualifier, Side side) {
        if (isCopy()) {
            return "FALSE";
        }
        boolean forward = side == Side.NEW;
        List<Column> targets = forward ? newColumns : oldColumns;
        List<String> there = forward ? toNew(database, qualifier) : toOld(database, qualifier);
        List<String> back = expressions(
                forward ? inSql().toOld() : inSql().toNew(),
                targets,
                column -> RoundTrip.stored(database, there.get(targets.indexOf(column)), column.type()));
        return differs(database, qualifier, forward ? oldColumns : newColumns, back);
    }

    private static String differs(Database database, String qualifier, List<Column> columns, List<String> back) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> RoundTrip.differs(
                        database,
                        qualifier + database.quote(columns.get(i).name()),
                        back.get(i),
                        columns.get(i).type()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** Whether the one new column has the type of the one old column, and gets its very value. */
    public boolean isCopy() {
        return form.equals(SqlForm.SAME)
                && oldColumns.size() == 1
                && newColumns.size() == 1
                && oldColumns.get(0).type().equals(newColumns.get(0).type());
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

    /** The placeholders of these expressions that are none of the columns, each as it stands there. */
    public static List<String> strangers(List<String> templates, List<String> columns) {
        return templates.stream()
                .flatMap(SqlForm::placeholders)
                .filter(name -> !columns.contains(name) && !(columns.size() == 1 && isSingle(name)))
                .map(name -> "{" + name + "}")
                .distinct()
                .toList();
    }

    private static boolean isSingle(String placeholder) {
        return placeholder.equals("old") || placeholder.equals("new");
    }

    private static Function<Column, String> named(Database database, String qualifier) {
        return column -> qualifier + database.quote(column.name());
    }

    private static List<String> expressions(
            List<String> templates, List<Column> sources, Function<Column, String> text) {
        return templates.stream()
                .map(template -> SqlForm.fill(template, placeholder -> text.apply(source(placeholder, sources))))
                .toList();
    }

    private static Column source(String placeholder, List<Column> sources) {
        if (isSingle(placeholder) && sources.size() == 1) {
            return sources.get(0);
        }
        return sources.stream()
                .filter(column -> column.name().equals(placeholder))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The SQL form names {" + placeholder
                        + "}, which is none of the columns it may use: "
                        + sources.stream().map(Column::name).toList()));
    }
}

package dev.segue.test.kit;

import dev.segue.change.Column;
import dev.segue.change.Conversion;
import dev.segue.change.Site;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.lang.reflect.RecordComponent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tries a conversion with many values: whether each survives the way there and back, whether NULL does, and whether the
 * SQL form says the same as Java, both ways, on a real database and by the very expressions that Segue uses.
 *
 * <pre>{@code
 * ConversionTrial.of(new NameParts())
 *         .from("full_name", "varchar(200)")
 *         .to("first_name", "varchar(200)")
 *         .to("last_name", "varchar(200)")
 *         .nullable()
 *         .run(database, values);
 * }</pre>
 *
 * <p>Several columns of a side are the components of a record, in their order. A value is bound as JDBC takes it, an enum
 * by its name. Used by one thread.
 *
 * @param <O> the old type
 * @param <N> the attribute's type
 */
public final class ConversionTrial<O, N> {

    private static final TableName TABLE = TableName.of("conversion_trial");

    /** So many mistakes are told, and then no more. */
    private static final int TOLD = 10;

    private final Conversion<O, N> conversion;
    private final List<Column> oldColumns = new ArrayList<>();
    private final List<Column> newColumns = new ArrayList<>();
    private boolean nullable;

    private ConversionTrial(Conversion<O, N> conversion) {
        this.conversion = conversion;
    }

    /** A trial of this conversion, to be told its columns. */
    public static <O, N> ConversionTrial<O, N> of(Conversion<O, N> conversion) {
        return new ConversionTrial<>(conversion);
    }

    /** One more old column, with its type as the database names it: {@code numeric(10,2)}. */
    public ConversionTrial<O, N> from(String column, String type) {
        oldColumns.add(new Column(column, type, false));
        return this;
    }

    /** One more new column. */
    public ConversionTrial<O, N> to(String column, String type) {
        newColumns.add(new Column(column, type, false));
        return this;
    }

    /** The old columns may hold NULL, so the conversion has to take it. */
    public ConversionTrial<O, N> nullable() {
        nullable = true;
        return this;
    }

    /**
     * Tries it.
     *
     * @param database an own one; a table is made in it, and dropped
     * @param values old values; the same ones with the same seed make a failure come again
     * @throws AssertionError that names the values, ten at most, and what is wrong with each
     * @throws SQLException if a value does not fit its column, or the SQL form cannot be run
     */
    public void run(TestDatabase database, Stream<O> values) throws SQLException {
        List<@Nullable O> tried = values.collect(Collectors.toCollection(ArrayList::new));
        if (tried.isEmpty() || oldColumns.isEmpty() || newColumns.isEmpty()) {
            throw new IllegalArgumentException("A trial needs values, and columns on both sides.");
        }
        if (nullable) {
            tried.add(null);
        }
        List<String> wrong = new ArrayList<>();
        for (O value : tried) {
            survives(value).ifPresent(wrong::add);
        }
        Database dialect = database.engine() == Engine.POSTGRESQL ? Database.POSTGRESQL : Database.MYSQL;
        Optional<SqlForm> sql = conversion.sql(dialect);
        if (sql.isPresent() && wrong.isEmpty()) {
            wrong.addAll(inSql(database, dialect, sql.get(), tried));
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("Mistakes of %s with %d values: %d%n%s"
                    .formatted(
                            conversion.getClass().getSimpleName(),
                            tried.size(),
                            wrong.size(),
                            wrong.stream().limit(TOLD).collect(Collectors.joining(System.lineSeparator()))));
        }
    }

    private Optional<String> survives(@Nullable O value) {
        try {
            N converted = toNew(value);
            O back = toOld(converted);
            if (same(value, back) && Objects.equals(converted, toNew(value))) {
                return Optional.empty();
            }
            return Optional.of(shown(value) + " becomes " + shown(converted) + ", and that becomes " + shown(back));
        } catch (RuntimeException e) {
            return Optional.of(shown(value) + " does not convert: " + e);
        }
    }

    /** 1.5 and 1.50 are the same number to a database. */
    @SuppressWarnings("unchecked")
    private static boolean same(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Comparable<?> one && right != null && left.getClass() == right.getClass()) {
            return ((Comparable<Object>) one).compareTo(right) == 0;
        }
        return Objects.equals(left, right);
    }

    private List<String> inSql(TestDatabase database, Database dialect, SqlForm form, List<@Nullable O> tried)
            throws SQLException {
        Site site = new Site(TABLE, List.of(new Column("trial_id", "bigint", true)), oldColumns, newColumns, form);
        String table = TABLE.quoted(dialect);
        database.execute("CREATE TABLE " + table + " (trial_id bigint PRIMARY KEY, "
                + Stream.concat(oldColumns.stream(), newColumns.stream())
                        .map(column -> dialect.quote(column.name()) + " " + column.type())
                        .collect(Collectors.joining(", "))
                + ")");
        try {
            fill(database, table, tried);
            List<String> wrong = new ArrayList<>();
            wrong.addAll(differing(database, table, site.disagrees(dialect, ""), tried, "to the new side"));
            wrong.addAll(differing(database, table, disagreesBack(site, dialect), tried, "to the old side"));
            return wrong;
        } finally {
            database.execute("DROP TABLE " + table);
        }
    }

    private static String disagreesBack(Site site, Database dialect) {
        List<String> expected = site.toOld(dialect, "");
        List<String> conditions = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            Column column = site.oldColumns().get(i);
            conditions.add(dialect.distinct(dialect.quote(column.name()), expected.get(i), column.type()));
        }
        return String.join(" OR ", conditions);
    }

    private List<String> differing(
            TestDatabase database, String table, String condition, List<@Nullable O> tried, String direction) {
        return database.rows("SELECT trial_id FROM " + table + " WHERE " + condition + " ORDER BY trial_id").stream()
                .map(row -> ((Number) Objects.requireNonNull(row.get("trial_id"))).intValue())
                .map(i -> shown(tried.get(i)) + ": SQL and Java do not agree on the way " + direction + ", in Java "
                        + shown(tried.get(i)) + " is " + shown(toNew(tried.get(i))))
                .toList();
    }

    private void fill(TestDatabase database, String table, List<@Nullable O> tried) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(1 + oldColumns.size() + newColumns.size(), "?"));
        try (Connection connection = database.connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO " + table + " VALUES (" + marks + ")")) {
            for (int i = 0; i < tried.size(); i++) {
                int at = 1;
                insert.setLong(at++, i);
                for (Object value : columns(tried.get(i), oldColumns.size())) {
                    insert.setObject(at++, bound(value));
                }
                for (Object value : columns(toNew(tried.get(i)), newColumns.size())) {
                    insert.setObject(at++, bound(value));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static List<@Nullable Object> columns(@Nullable Object value, int count) {
        if (count == 1 && !(value instanceof Record)) {
            return Collections.singletonList(value);
        }
        if (value == null) {
            return Collections.nCopies(count, null);
        }
        RecordComponent[] components = value.getClass().getRecordComponents();
        if (components == null || components.length != count) {
            throw new IllegalArgumentException(
                    value.getClass().getName() + " is no record of " + count + " components, one for each column.");
        }
        List<@Nullable Object> columns = new ArrayList<>();
        for (RecordComponent component : components) {
            columns.add(component(component, value));
        }
        return Collections.unmodifiableList(columns);
    }

    private static @Nullable Object component(RecordComponent component, Object value) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot read " + component, e);
        }
    }

    private static @Nullable Object bound(@Nullable Object value) {
        return value instanceof Enum<?> constant ? constant.name() : value;
    }

    @SuppressWarnings("NullAway")
    private @Nullable N toNew(@Nullable O value) {
        return conversion.toNew(value);
    }

    @SuppressWarnings("NullAway")
    private @Nullable O toOld(@Nullable N value) {
        return conversion.toOld(value);
    }

    private static String shown(@Nullable Object value) {
        return value instanceof String ? "'" + value + "'" : String.valueOf(value);
    }
}

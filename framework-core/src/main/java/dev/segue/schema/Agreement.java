package dev.segue.schema;

import dev.segue.change.Column;
import dev.segue.change.Counterpart;
import dev.segue.change.JavaForm;
import dev.segue.change.Site;
import dev.segue.database.Database;
import dev.segue.lifecycle.Side;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a conversion says the same in SQL as in Java. The values of {@link ProbeValues} go through both, and so does
 * what each side makes of those of the other; results are compared as the columns store them. What does not count:
 *
 * <ul>
 *   <li>a value for which Java throws: the conversion does not take it;
 *   <li>one at which the database raises an error, or whose result does not fit the column: a statement would fail, and
 *       nobody reads anything wrong;
 *   <li>an old value, but for NULL, that becomes itself again neither in SQL nor in Java: it is refused as one that does
 *       not survive;
 *   <li>NULL in a mandatory column.
 * </ul>
 */
final class Agreement {

    /** The column of the trial's table that numbers its rows. */
    static final String NUMBER = "segue_number";

    private static final int SHOWN = 3;
    private static final int LONGEST = 40;

    private final Connection connection;
    private final Database database;
    private final Trial trial;
    private final Site site;
    private final boolean back;
    private int last;

    /**
     * @param trial with the columns of both sides, and {@link #NUMBER}
     * @param back whether there is a way back to the old columns
     */
    Agreement(Connection connection, Database database, Trial trial, Site site, boolean back) {
        this.connection = connection;
        this.database = database;
        this.trial = trial;
        this.site = site;
        this.back = back;
    }

    /** What is converted otherwise in SQL than in Java, a few of them, in words. */
    List<String> with(Counterpart counterpart) throws SQLException {
        JavaForm java = counterpart.java();
        Map<Integer, List<@Nullable Object>> old =
                new TreeMap<>(stored(Side.OLD, probes(Side.OLD, counterpart.before())));
        Map<Integer, List<@Nullable Object>> current =
                new TreeMap<>(stored(Side.NEW, probes(Side.NEW, counterpart.after())));
        if (back) {
            old.putAll(stored(Side.OLD, converted(java.toOld(), current).values()));
            current.putAll(stored(Side.NEW, converted(java.toNew(), old).values()));
        }
        List<String> found = new ArrayList<>(disagreements(Side.NEW, java, old));
        if (back) {
            found.addAll(disagreements(Side.OLD, java, current));
        }
        return found;
    }

    private List<List<@Nullable Object>> probes(Side side, List<List<Object>> samples) {
        List<Object> named = ProbeValues.named(
                Stream.concat(site.toNew(database, "").stream(), back ? site.toOld(database, "").stream() : Stream.of())
                        .toList());
        List<List<@Nullable Object>> columns = new ArrayList<>();
        for (int i = 0; i < columns(side).size(); i++) {
            Column column = columns(side).get(i);
            List<@Nullable Object> values = new ArrayList<>(ProbeValues.of(database, column.type()));
            if (!values.isEmpty() && values.get(0) instanceof String) {
                values.addAll(named);
            }
            if (i < samples.size()) {
                values.addAll(samples.get(i));
            }
            if (!column.mandatory()) {
                values.add(null);
            }
            if (values.isEmpty()) {
                return List.of();
            }
            columns.add(values);
        }
        return ProbeValues.rows(columns);
    }

    private List<String> disagreements(Side to, JavaForm java, Map<Integer, List<@Nullable Object>> sources)
            throws SQLException {
        Side from = to == Side.NEW ? Side.OLD : Side.NEW;
        Map<Integer, List<@Nullable Object>> inJava = converted(to == Side.NEW ? java.toNew() : java.toOld(), sources);
        Map<Integer, List<@Nullable Object>> expected = storedEach(to, inJava);
        Map<Integer, List<@Nullable Object>> found = convertedInSql(to, expected.keySet());
        List<String> disagreements = new ArrayList<>();
        for (Map.Entry<Integer, List<@Nullable Object>> one : found.entrySet()) {
            List<@Nullable Object> source = Objects.requireNonNull(sources.get(one.getKey()));
            List<@Nullable Object> wanted = Objects.requireNonNull(expected.get(one.getKey()));
            if (!same(one.getValue(), wanted)
                    && (to == Side.OLD || counts(java, one.getKey(), source))
                    && disagreements.size() < SHOWN) {
                disagreements.add("%s makes %s of %s, and Java makes %s"
                        .formatted(
                                to == Side.NEW ? "toNew" : "toOld",
                                shown(to, one.getValue()),
                                shown(from, source),
                                shown(to, wanted)));
            }
        }
        return disagreements;
    }

    /** Java itself has the value of a new column prove that it survives; that of an old one is looked at here. */
    private boolean counts(JavaForm java, int number, List<@Nullable Object> old) throws SQLException {
        if (!back || old.stream().allMatch(Objects::isNull)) {
            return true;
        }
        Map<Integer, List<@Nullable Object>> returned =
                converted(values -> java.toOld().convert(java.toNew().convert(values)), Map.of(number, old));
        return Stream.concat(
                        storedEach(Side.OLD, returned).values().stream(),
                        convertedInSql(Side.OLD, List.of(number)).values().stream())
                .anyMatch(value -> same(value, old));
    }

    /** By Java, without those for which it throws. */
    private static Map<Integer, List<@Nullable Object>> converted(
            JavaForm.Converter converter, Map<Integer, List<@Nullable Object>> values) {
        Map<Integer, List<@Nullable Object>> converted = new TreeMap<>();
        values.forEach((number, value) -> {
            try {
                converted.put(number, converter.convert(value));
            } catch (RuntimeException e) {
                // It has no answer, so there is nothing to agree with.
            }
        });
        return converted;
    }

    /** By the database, without those at which it raises an error. */
    private Map<Integer, List<@Nullable Object>> convertedInSql(Side to, Collection<Integer> numbers)
            throws SQLException {
        List<String> expressions = to == Side.NEW ? site.toNew(database, "t.") : site.toOld(database, "t.");
        String set = IntStream.range(0, expressions.size())
                .mapToObj(i -> database.quote(columns(to).get(i).name()) + " = " + expressions.get(i))
                .collect(Collectors.joining(", "));
        List<Integer> done = taken(
                List.copyOf(numbers),
                some -> new Query(connection).run("UPDATE " + Trial.TABLE + " AS t SET " + set + within(some)));
        return read(to, done);
    }

    private Map<Integer, List<@Nullable Object>> stored(Side side, Collection<List<@Nullable Object>> values)
            throws SQLException {
        Map<Integer, List<@Nullable Object>> numbered = new LinkedHashMap<>();
        values.stream().distinct().forEach(value -> numbered.put(++last, value));
        return insert(side, numbered);
    }

    /** Each under the number that it has, in a row of its own. */
    private Map<Integer, List<@Nullable Object>> storedEach(Side side, Map<Integer, List<@Nullable Object>> values)
            throws SQLException {
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        Map<Integer, List<@Nullable Object>> numbered = new LinkedHashMap<>();
        values.forEach((number, value) -> {
            numbers.put(++last, number);
            numbered.put(last, value);
        });
        Map<Integer, List<@Nullable Object>> stored = new TreeMap<>();
        insert(side, numbered).forEach((row, value) -> stored.put(Objects.requireNonNull(numbers.get(row)), value));
        return stored;
    }

    private Map<Integer, List<@Nullable Object>> insert(Side side, Map<Integer, List<@Nullable Object>> numbered)
            throws SQLException {
        List<Integer> done = taken(List.copyOf(numbered.keySet()), some -> {
            String row = "(" + "?, ".repeat(columns(side).size()) + "?)";
            String sql = "INSERT INTO " + Trial.TABLE + " (" + names(side) + ") VALUES "
                    + some.stream().map(number -> row).collect(Collectors.joining(", "));
            try (PreparedStatement insert = connection.prepareStatement(sql)) {
                int position = 0;
                for (Integer number : some) {
                    insert.setInt(++position, number);
                    for (Object value : Objects.requireNonNull(numbered.get(number))) {
                        bind(insert, ++position, value);
                    }
                }
                insert.executeUpdate();
            }
        });
        return read(side, done);
    }

    private void bind(PreparedStatement insert, int position, @Nullable Object value) throws SQLException {
        if (value instanceof String && database == Database.POSTGRESQL) {
            // Of no type, so that it may be one of an enum or of a date.
            insert.setObject(position, value, Types.OTHER);
        } else {
            insert.setObject(position, value);
        }
    }

    private Map<Integer, List<@Nullable Object>> read(Side side, List<Integer> numbers) throws SQLException {
        Map<Integer, List<@Nullable Object>> values = new TreeMap<>();
        if (!numbers.isEmpty()) {
            new Query(connection)
                    .list("SELECT " + names(side) + " FROM " + Trial.TABLE + " AS t" + within(numbers), row -> {
                        values.put(row.getInt(1), values(row, columns(side).size()));
                        return true;
                    });
        }
        return values;
    }

    private static List<@Nullable Object> values(ResultSet row, int columns) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            values.add(row.getObject(i + 1));
        }
        return values;
    }

    private interface Work {
        void on(List<Integer> numbers) throws SQLException;
    }

    /** Does the work for as many as the database takes it for: for all of them at once, or else for each half. */
    private List<Integer> taken(List<Integer> numbers, Work work) throws SQLException {
        if (numbers.isEmpty() || trial.attempt(() -> work.on(numbers)).isEmpty()) {
            return numbers;
        }
        int half = numbers.size() / 2;
        return half == 0
                ? List.of()
                : Stream.concat(
                                taken(numbers.subList(0, half), work).stream(),
                                taken(numbers.subList(half, numbers.size()), work).stream())
                        .toList();
    }

    private static String within(List<Integer> numbers) {
        return numbers.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", " WHERE t." + NUMBER + " IN (", ")"));
    }

    private String names(Side side) {
        return Stream.concat(Stream.of(NUMBER), columns(side).stream().map(column -> database.quote(column.name())))
                .collect(Collectors.joining(", "));
    }

    private List<Column> columns(Side side) {
        return side == Side.OLD ? site.oldColumns() : site.newColumns();
    }

    /** Both come from columns of the same type, by the same driver. */
    private static boolean same(List<@Nullable Object> left, List<@Nullable Object> right) {
        return IntStream.range(0, left.size()).allMatch(i -> same(left.get(i), right.get(i)));
    }

    private static boolean same(@Nullable Object left, @Nullable Object right) {
        if (left instanceof byte[] some && right instanceof byte[] others) {
            return Arrays.equals(some, others);
        }
        if (left instanceof BigDecimal one && right instanceof BigDecimal other) {
            return one.compareTo(other) == 0;
        }
        if (left instanceof Double one && right instanceof Double other) {
            // Zero is zero, whatever its sign.
            return one.doubleValue() == other || one.equals(other);
        }
        return Objects.equals(left, right);
    }

    private String shown(Side side, List<@Nullable Object> values) {
        return IntStream.range(0, values.size())
                .mapToObj(i -> columns(side).get(i).name() + " = " + shown(values.get(i)))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "),
                        text -> Optional.of(text).filter(it -> !it.isEmpty()).orElse("nothing")));
    }

    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        String text = value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
        String few = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
        return value instanceof Number || value instanceof Boolean ? few : "'" + few + "'";
    }
}

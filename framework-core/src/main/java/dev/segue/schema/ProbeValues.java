package dev.segue.schema;

import dev.segue.database.Database;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values at which conversions go wrong: empty and odd texts, zero, fractions, the smallest and the greatest number, dates
 * at the ends of what is used. A type of which nothing is known has none.
 */
final class ProbeValues {

    private static final Pattern TYPE = Pattern.compile("([a-z0-9_.\"]+)[a-z ]*(?:\\((\\d+)(?:,\\s*(\\d+))?\\))?.*");
    private static final Pattern LABEL = Pattern.compile("'((?:[^']|'')*)'");
    private static final int LONG_TEXT = 1_000;

    /** An ordinary one first, because in rows of several columns it stands beside the odd ones. */
    private static final List<String> TEXTS = List.of(
            "a",
            "",
            " ",
            "A",
            " a ",
            "é",
            "a b",
            "a b c",
            "a'b",
            "a\\b",
            "a,b",
            "a-b",
            "0",
            "1",
            "-1",
            "007",
            "1.5",
            "true",
            "Y",
            "2001-02-03");

    private ProbeValues() {}

    /** @param type as the catalog names it */
    static List<Object> of(Database database, String type) {
        String plain = type.toLowerCase(Locale.ROOT);
        if (plain.startsWith("enum(") || plain.startsWith("set(")) {
            return labels(type).<Object>map(label -> label).toList();
        }
        Matcher parts = TYPE.matcher(plain);
        if (plain.endsWith("[]") || !parts.matches()) {
            return List.of();
        }
        int length = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
        int scale = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        boolean unsigned = plain.contains("unsigned");
        return switch (parts.group(1)) {
            case "boolean" -> List.of(true, false);
            case "bit" -> database == Database.MYSQL && length == 1 ? List.of(true, false) : List.of();
            case "tinyint" -> length == 1 ? List.of(1, 0) : whole(8, unsigned);
            case "smallint" -> whole(16, unsigned);
            case "mediumint" -> whole(24, unsigned);
            case "integer", "int" -> whole(32, unsigned);
            case "bigint" -> whole(64, unsigned);
            case "numeric", "decimal" ->
                length == 0
                        ? List.of(
                                decimal("1"),
                                decimal("0"),
                                decimal("-1"),
                                decimal("0.5"),
                                decimal("-12345678901234567890.125"))
                        : decimals(length, scale, unsigned);
            case "real", "float", "double" ->
                unsigned ? List.of(1.0, 0.0, 0.5) : List.of(1.0, 0.0, -1.0, 0.5, -1.25, 1e15);
            case "character", "char", "varchar", "bpchar", "text", "tinytext", "mediumtext", "longtext", "citext" ->
                texts(length);
            case "date" ->
                List.of(
                        LocalDate.of(2001, 2, 3),
                        LocalDate.EPOCH,
                        LocalDate.of(2000, 2, 29),
                        LocalDate.of(1600, 1, 1),
                        LocalDate.of(9999, 12, 31));
            case "time" -> List.of(LocalTime.of(12, 34, 56), LocalTime.MIDNIGHT, LocalTime.of(23, 59, 59));
            case "timestamp", "datetime" ->
                List.of(
                        LocalDateTime.of(2001, 2, 3, 4, 5, 6, 789_012_000),
                        LocalDate.EPOCH.atStartOfDay(),
                        LocalDateTime.of(1999, 12, 31, 23, 59, 59),
                        LocalDateTime.of(9999, 12, 31, 0, 0));
            case "bytea", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                List.of(new byte[] {1, -1}, new byte[0], new byte[] {0});
            default -> List.of();
        };
    }

    /** The texts that stand in expressions, as they are and in the other case: a collation may take them for the same. */
    static List<Object> named(List<String> expressions) {
        return expressions.stream()
                .flatMap(ProbeValues::labels)
                .flatMap(text -> Stream.of(text, text.toLowerCase(Locale.ROOT), text.toUpperCase(Locale.ROOT)))
                .<Object>map(text -> text)
                .toList();
    }

    private static Stream<String> labels(String text) {
        return LABEL.matcher(text).results().map(label -> label.group(1).replace("''", "'"));
    }

    private static List<Object> whole(int bits, boolean unsigned) {
        BigInteger range = BigInteger.ONE.shiftLeft(unsigned ? bits : bits - 1);
        BigDecimal greatest = new BigDecimal(range.subtract(BigInteger.ONE));
        List<Object> values =
                new ArrayList<>(List.of(decimal("1"), decimal("0"), decimal("2"), decimal("100"), greatest));
        if (!unsigned) {
            values.addAll(List.of(decimal("-1"), decimal("-100"), new BigDecimal(range.negate())));
        }
        return values;
    }

    private static List<Object> decimals(int precision, int scale, boolean unsigned) {
        BigDecimal least = BigDecimal.ONE.movePointLeft(scale);
        BigDecimal greatest =
                BigDecimal.TEN.pow(precision).subtract(BigDecimal.ONE).movePointLeft(scale);
        return Stream.of(decimal("1"), decimal("0"), least, decimal("0.5"), greatest)
                .flatMap(value -> unsigned ? Stream.of(value) : Stream.of(value, value.negate()))
                // What does not fit would be rounded, or not taken.
                .filter(value -> value.stripTrailingZeros().scale() <= scale
                        && value.abs().compareTo(greatest) <= 0)
                .distinct()
                .<Object>map(value -> value)
                .toList();
    }

    private static List<Object> texts(int length) {
        Stream<String> longest = length > 0 && length <= LONG_TEXT ? Stream.of("x".repeat(length)) : Stream.empty();
        return Stream.concat(TEXTS.stream(), longest)
                .filter(text -> length == 0 || text.length() <= length)
                .<Object>map(text -> text)
                .toList();
    }

    private static BigDecimal decimal(String value) {
        return new BigDecimal(value);
    }

    /**
     * Rows of several columns: their values side by side, each odd one beside ordinary ones, and each of the first beside
     * another of the second.
     */
    static List<List<@Nullable Object>> rows(List<List<@Nullable Object>> columns) {
        Set<List<@Nullable Object>> rows = new LinkedHashSet<>();
        List<@Nullable Object> ordinary = new ArrayList<>();
        columns.forEach(values -> ordinary.add(values.get(0)));
        int most = columns.stream().mapToInt(List::size).max().orElse(1);
        for (int i = 0; i < most; i++) {
            List<@Nullable Object> beside = new ArrayList<>();
            List<@Nullable Object> shifted = new ArrayList<>();
            for (int c = 0; c < columns.size(); c++) {
                List<@Nullable Object> values = columns.get(c);
                beside.add(values.get(i % values.size()));
                shifted.add(values.get((i + c) % values.size()));
                List<@Nullable Object> alone = new ArrayList<>(ordinary);
                alone.set(c, values.get(i % values.size()));
                rows.add(Collections.unmodifiableList(alone));
            }
            rows.add(beside);
            rows.add(shifted);
        }
        // All of them NULL, where they may be.
        List<@Nullable Object> last = new ArrayList<>();
        columns.forEach(values -> last.add(values.get(values.size() - 1)));
        rows.add(last);
        return List.copyOf(rows);
    }
}

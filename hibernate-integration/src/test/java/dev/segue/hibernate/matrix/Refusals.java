package dev.segue.hibernate.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The cells of the matrix that are refused, as refusals.txt has them. */
final class Refusals {

    /** Where a cell is. */
    record Cell(String shape, String kind, String way, String phase, String database) {

        private List<String> all() {
            return List.of(shape, kind, way, phase, database);
        }

        @Override
        public String toString() {
            return String.join(" | ", all());
        }
    }

    private record Line(List<List<String>> names, String message) {

        boolean covers(Cell cell) {
            for (int i = 0; i < names.size(); i++) {
                String name = cell.all().get(i);
                List<String> listed = names.get(i);
                boolean excluded =
                        listed.stream().anyMatch(each -> each.startsWith("!") && matches(each.substring(1), name));
                if (excluded || listed.stream().noneMatch(each -> matches(each, name))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean matches(String pattern, String name) {
            return pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern);
        }
    }

    private final List<Line> lines;
    private final Set<Line> used = new HashSet<>();

    private Refusals(List<Line> lines) {
        this.lines = lines;
    }

    static Refusals read() {
        try (InputStream in = Objects.requireNonNull(Refusals.class.getResourceAsStream("refusals.txt"))) {
            List<Line> lines = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(line(line));
                }
            }
            return new Refusals(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Line line(String text) {
        String[] parts = text.split("->", 2);
        List<List<String>> names = Stream.of(parts[0].split("\\|", -1))
                .map(column ->
                        Stream.of(column.split(";", -1)).map(String::strip).toList())
                .toList();
        if (names.size() != 5 || parts.length != 2) {
            throw new IllegalArgumentException("shape | kind | way | phase | database -> message is expected: " + text);
        }
        return new Line(names, parts[1].strip());
    }

    /** What the message of the refusal of a cell has in it, if the cell is listed. */
    Optional<String> message(Cell cell) {
        Optional<Line> line = lines.stream().filter(each -> each.covers(cell)).findFirst();
        line.ifPresent(used::add);
        return line.map(Line::message);
    }

    /** Lines that no cell was looked up by, of those that speak of the database. */
    List<String> unused(String database) {
        return lines.stream()
                .filter(line -> !used.contains(line))
                .filter(line ->
                        line.names().get(4).contains("*") || line.names().get(4).contains(database))
                .map(Line::toString)
                .toList();
    }
}

package dev.segue;

import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import dev.segue.lifecycle.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds columns that several changes lay hands on. */
final class Overlaps {

    private Overlaps() {}

    static List<Problem> in(List<Declaration> declared) {
        Map<String, List<Declaration>> dropped = byOldColumn(
                declared.stream().filter(d -> d.kind() != Kind.INTRODUCE).toList());
        Map<String, List<Declaration>> sources = byOldColumn(
                declared.stream().filter(d -> d.kind() == Kind.INTRODUCE).toList());
        List<Problem> problems = new ArrayList<>();
        dropped.forEach((column, changes) -> {
            if (changes.size() > 1) {
                problems.add(new Problem(
                        attributes(changes),
                        column,
                        "Several changes replace or drop the same column: " + ids(changes) + ".",
                        "Finish one change before the next begins, or make them one."));
            }
            if (sources.containsKey(column)) {
                problems.add(new Problem(
                        attributes(sources.get(column)),
                        column,
                        "The value of a new column comes from it, and another change drops it: " + ids(changes) + ".",
                        "Let the value come from a column that stays, or finish one change before the next begins."));
            }
        });
        return problems;
    }

    private static Map<String, List<Declaration>> byOldColumn(List<Declaration> declared) {
        return declared.stream()
                .flatMap(d -> d.oldColumns().stream().map(column -> Map.entry(d.table() + "." + column, d)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, TreeMap::new, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static String attributes(List<Declaration> changes) {
        return changes.stream().map(Declaration::attribute).collect(Collectors.joining(", "));
    }

    private static List<String> ids(List<Declaration> changes) {
        return changes.stream().map(Declaration::change).toList();
    }
}

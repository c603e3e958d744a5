package dev.segue.hibernate.matrix;

import dev.segue.lifecycle.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Holds what a phase gives against what the plain entity gives. */
record Comparison(Shape shape, Ground ground) {

    List<String> differences(Outcome expected, Outcome found) {
        List<String> differences = new ArrayList<>();
        boolean hidden = ground.hides();
        // What an object in memory was given stays in it.
        if (!hidden || !found.result().equals(expected.hidden())) {
            differ("sees", expected.result(), found.result(), differences);
        }
        differ("holds", ground.expected(shape, expected.content()), ground.found(shape, found.content()), differences);
        ground.unnamed()
                .forEach(column -> found.statements().stream()
                        .filter(sql -> names(sql, column))
                        .forEach(sql -> differences.add("names " + column + ": " + sql)));
        // Where only the attribute has changed, there is nothing to write without it.
        boolean fewer =
                hidden && found.statements().size() < expected.statements().size();
        if (expected.statements().size() != found.statements().size() && !fewer) {
            differences.add("needs " + found.statements() + " and not " + expected.statements());
        } else if (ground.kind() instanceof Rename) {
            for (int i = 0; i < found.statements().size(); i++) {
                text(expected.statements().get(i), found.statements().get(i), differences);
            }
        }
        ground.mismatches().forEach(mismatch -> differences.add("reports a mismatch of " + mismatch));
        ground.mismatches().clear();
        return differences;
    }

    /** As a column, and not in an alias that Hibernate makes of it. */
    private static boolean names(String sql, String column) {
        return Pattern.compile("\\b" + column + "(_rest)?\\b").matcher(sql).find();
    }

    /** A rename changes nothing in a statement but the name, and what is said of the other column. */
    private void text(String plain, String found, List<String> differences) {
        // A MERGE names each column five times over, and the aliases of a native query are cut from the names.
        if (plain.startsWith("merge ") || plain.startsWith("select r.")) {
            return;
        }
        String reads = ground.phase().reads() == Side.OLD ? Kind.OLD : Kind.NEW;
        String other = ground.phase().reads() == Side.OLD ? Kind.NEW : Kind.OLD;
        differ("says", SqlText.plain(plain).replace(Kind.NEW, reads), SqlText.without(other, found), differences);
    }

    private static void differ(String what, String expected, String found, List<String> differences) {
        if (!expected.equals(found)) {
            differences.add(what + " " + found + " and not " + expected);
        }
    }
}

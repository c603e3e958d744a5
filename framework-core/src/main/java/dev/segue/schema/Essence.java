package dev.segue.schema;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a statement says, without its comments and the way it is set: two statements of equal essence do the same. It is
 * made to compare, and never run. MySQL's comments that are code stay.
 */
record Essence(String text) {

    private static final Pattern QUOTED_OR_VOID = Pattern.compile(
            "('(?:[^'\\\\]++|''|\\\\.)*+'|\"(?:[^\"]++|\"\")*+\"|`(?:[^`]++|``)*+`)"
                    + "|(?:--[^\\n]*+|/\\*(?![!+]).*?\\*/|\\s++)++",
            Pattern.DOTALL);

    static Essence of(String sql) {
        return new Essence(QUOTED_OR_VOID.matcher(sql).replaceAll(Essence::kept).strip());
    }

    private static String kept(MatchResult found) {
        return found.group(1) == null ? " " : java.util.regex.Matcher.quoteReplacement(found.group(1));
    }

    /** For a message: its beginning. */
    String brief() {
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }
}

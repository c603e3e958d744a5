package dev.segue.watch;

import dev.segue.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A statement cut into words, as far as that can be done without its grammar: names, values and signs, without comments.
 *
 * <p>A text that ends in the middle of something, as a database may cut it off, is taken as far as it goes.
 */
final class Words {

    /** What a word is. */
    enum Kind {
        /** A keyword or a name that is not quoted. */
        PLAIN,
        /** A name in quotes; the text is without them. */
        QUOTED,
        /** A text, a number or a parameter. */
        VALUE,
        /** Any other character. */
        SIGN
    }

    /**
     * One of them.
     *
     * @param apart whether something that is not said here stands between it and the one before
     */
    record Word(Kind kind, String text, boolean apart) {

        boolean isName() {
            return kind == Kind.PLAIN || kind == Kind.QUOTED;
        }

        boolean isSign(char sign) {
            return kind == Kind.SIGN && text.charAt(0) == sign;
        }

        /** Whether it is this keyword, which is given in lower case. */
        boolean is(String keyword) {
            return kind == Kind.PLAIN && text.toLowerCase(Locale.ROOT).equals(keyword);
        }
    }

    private static final Pattern ROW_OF_VALUES = Pattern.compile("\\?(?:\\s*,\\s*\\?)+");

    private final String sql;
    private final Database database;
    private final List<Word> words = new ArrayList<>();
    private int at;
    private boolean apart;

    private Words(String sql, Database database) {
        this.sql = sql;
        this.database = database;
    }

    static List<Word> of(String sql, Database database) {
        Words cut = new Words(sql, database);
        while (cut.at < sql.length()) {
            cut.next();
        }
        return cut.words;
    }

    /** A statement in one line, with a question mark in the place of each value, and of a row of them. */
    static String withoutValues(List<Word> words, Database database) {
        StringBuilder text = new StringBuilder();
        for (Word word : words) {
            if (word.apart() && text.length() > 0) {
                text.append(' ');
            }
            text.append(
                    switch (word.kind()) {
                        case VALUE -> "?";
                        case QUOTED -> database.quote(word.text());
                        case PLAIN, SIGN -> word.text();
                    });
        }
        return ROW_OF_VALUES.matcher(text).replaceAll("?, ...");
    }

    private void next() {
        char c = sql.charAt(at);
        if (Character.isWhitespace(c)) {
            at++;
            apart = true;
        } else if (sql.startsWith("--", at) || (c == '#' && database == Database.MYSQL)) {
            skipTo(sql.indexOf('\n', at));
        } else if (sql.startsWith("/*", at)) {
            comment();
        } else if (c == '\'') {
            add(Kind.VALUE, quoted('\'', database == Database.MYSQL));
        } else if (c == '"' || (c == '`' && database == Database.MYSQL)) {
            // MySQL takes it for a text or for a name, as sql_mode says: a name that is none does no harm here.
            add(Kind.QUOTED, quoted(c, false));
        } else if (c == '$') {
            dollar();
        } else if (sql.startsWith("::", at)) {
            at += 2;
            add(Kind.SIGN, "::");
        } else if (c == '?' || (c == ':' && at + 1 < sql.length() && Character.isLetter(sql.charAt(at + 1)))) {
            parameter();
        } else if (Character.isDigit(c)) {
            int from = at;
            skipWhile(d -> Character.isLetterOrDigit(d) || d == '.');
            add(Kind.VALUE, sql.substring(from, at));
        } else if (isOfName(c)) {
            name();
        } else {
            at++;
            add(Kind.SIGN, String.valueOf(c));
        }
    }

    private void comment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                // Only PostgreSQL counts a comment in a comment.
                depth = database == Database.POSTGRESQL ? depth + 1 : 1;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
        apart = true;
    }

    private void name() {
        int from = at;
        skipWhile(Words::isOfName);
        String name = sql.substring(from, at);
        boolean prefix = at < sql.length() && sql.charAt(at) == '\'' && name.length() == 1;
        if (prefix && "eEbBxXnN".contains(name)) {
            add(Kind.VALUE, quoted('\'', database == Database.MYSQL || name.equalsIgnoreCase("e")));
        } else {
            add(Kind.PLAIN, name);
        }
    }

    private void parameter() {
        at++;
        skipWhile(Words::isOfName);
        add(Kind.VALUE, "?");
    }

    private void dollar() {
        int end = sql.indexOf('$', at + 1);
        String tag = end < 0 ? "" : sql.substring(at, end + 1);
        boolean text = end > 0
                && database == Database.POSTGRESQL
                && tag.chars().skip(1).limit(tag.length() - 2L).allMatch(c -> isOfName((char) c))
                && (tag.length() == 2 || !Character.isDigit(tag.charAt(1)));
        if (!text) {
            parameter();
            return;
        }
        int close = sql.indexOf(tag, end + 1);
        at = close < 0 ? sql.length() : close + tag.length();
        add(Kind.VALUE, "?");
    }

    /** What stands between this quotation mark and its counterpart, with two of them inside taken for one. */
    private String quoted(char mark, boolean backslash) {
        StringBuilder inside = new StringBuilder();
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && backslash) {
                at++;
            } else if (c != mark) {
                inside.append(c);
            } else if (at < sql.length() && sql.charAt(at) == mark) {
                inside.append(mark);
                at++;
            } else {
                break;
            }
        }
        return inside.toString();
    }

    private interface Test {
        boolean matches(char c);
    }

    private void skipWhile(Test test) {
        while (at < sql.length() && test.matches(sql.charAt(at))) {
            at++;
        }
    }

    private void skipTo(int end) {
        at = end < 0 ? sql.length() : end;
        apart = true;
    }

    private static boolean isOfName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private void add(Kind kind, String text) {
        at = Math.min(at, sql.length());
        words.add(new Word(kind, text, apart));
        apart = false;
    }
}

package dev.segue.hibernate.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text of a statement without one of its columns. */
final class SqlText {

    private SqlText() {}

    /** Without quotes, and with one way to put commas and equals signs. */
    static String plain(String statement) {
        return statement.replaceAll("[`\"]", "").replaceAll(" *([,=]) *", "$1").toLowerCase(Locale.ROOT);
    }

    /** The statement as a hand-written entity without that column would give it. */
    static String without(String column, String statement) {
        String sql = plain(statement);
        if (sql.startsWith("insert into ")) {
            return insertWithout(column, sql);
        }
        if (sql.startsWith("select ")) {
            int from = end(sql, 0, " from ");
            String selected = split(sql.substring("select ".length(), from)).stream()
                    .filter(item -> !item.contains(column))
                    .collect(Collectors.joining(","));
            return "select " + selected + sql.substring(from);
        }
        int set = sql.startsWith("update ") ? sql.indexOf(" set ") : -1;
        if (set < 0) {
            return sql;
        }
        int begin = set + " set ".length();
        int end = end(sql, begin, " where ");
        return sql.substring(0, begin) + items(sql.substring(begin, end), column) + sql.substring(end);
    }

    private static String insertWithout(String column, String sql) {
        int begin = sql.indexOf('(') + 1;
        int end = closing(sql, begin);
        List<String> columns = split(sql.substring(begin, end));
        int index = columns.stream().map(String::strip).toList().indexOf(column);
        if (index < 0) {
            return sql;
        }
        columns.remove(index);
        String rest = sql.substring(end + 1);
        String head = sql.substring(0, begin) + String.join(",", columns) + ")";
        int values = rest.indexOf(" values ");
        if (values == 0) {
            return head + rows(rest, index, column);
        }
        int select = rest.indexOf("select ") + "select ".length();
        int from = end(rest, select, " from ");
        List<String> selected = split(rest.substring(select, from));
        selected.remove(index);
        return head + rest.substring(0, select) + String.join(",", selected) + rest.substring(from);
    }

    /** Rows of values, and what is done on a conflict. */
    private static String rows(String rest, int index, String column) {
        StringBuilder all = new StringBuilder(" values ");
        int at = " values ".length();
        while (at < rest.length() && rest.charAt(at) == '(') {
            int end = closing(rest, at + 1);
            List<String> row = split(rest.substring(at + 1, end));
            row.remove(index);
            all.append('(').append(String.join(",", row)).append(')');
            at = end + 1;
            if (at < rest.length() && rest.charAt(at) == ',') {
                all.append(',');
                at++;
            }
        }
        // MySQL gives the row that was to be inserted a name, and its columns too.
        String tail = rest.substring(at).replaceFirst("( as excluded\\(.*?)," + column + "\\)", "$1)");
        for (String word : List.of(" do update set ", " on duplicate key update ")) {
            int begin = tail.indexOf(word);
            if (begin >= 0) {
                int from = begin + word.length();
                return all + tail.substring(0, from) + items(tail.substring(from), column);
            }
        }
        return all + tail;
    }

    private static String items(String list, String column) {
        return split(list).stream()
                .filter(item -> !item.strip().replaceAll("^\\w+\\.", "").startsWith(column + "="))
                .collect(Collectors.joining(","));
    }

    /** Splits at the commas that are in no brackets. */
    private static List<String> split(String list) {
        List<String> items = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < list.length(); i++) {
            char at = list.charAt(i);
            depth += at == '(' ? 1 : at == ')' ? -1 : 0;
            if (at == ',' && depth == 0) {
                items.add(list.substring(begin, i));
                begin = i + 1;
            }
        }
        items.add(list.substring(begin));
        return items;
    }

    private static int closing(String sql, int begin) {
        int depth = 1;
        for (int i = begin; i < sql.length(); i++) {
            depth += sql.charAt(i) == '(' ? 1 : sql.charAt(i) == ')' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("A bracket is open: " + sql);
    }

    /** Where the word is outside of brackets, or the end. */
    private static int end(String sql, int begin, String word) {
        int depth = 0;
        for (int i = begin; i < sql.length(); i++) {
            depth += sql.charAt(i) == '(' ? 1 : sql.charAt(i) == ')' ? -1 : 0;
            if (depth == 0 && sql.startsWith(word, i)) {
                return i;
            }
        }
        return sql.length();
    }
}
